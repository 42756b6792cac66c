import { expect, test } from "vitest";
import { plain } from "../src/plain.ts";

test("white space and control characters become single spaces", () => {
  expect(plain("  Ada\n\tLovelace\u0000 ")).toBe("Ada Lovelace");
});

test("characters that turn the direction of text are taken out", () => {
  expect(plain("Ada\u202egnp.exe\u2066")).toBe("Ada gnp.exe");
});

test("a long text is cut, and says so", () => {
  const cut = plain("x".repeat(1_000));
  expect(cut).toBe(`${"x".repeat(159)}…`);
});

test("what is not text is empty", () => {
  expect([plain(undefined), plain(null), plain(7), plain({})]).toEqual(["", "", "", ""]);
});
