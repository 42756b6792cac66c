import { inspect } from "node:util";
import { expect, it } from "vitest";
import { isSameText, Secret } from "../src/secret.ts";

const secret = new Secret("usk_hidden");

it.each([
  ["a text", `${secret}`],
  ["JSON", JSON.stringify({ secret })],
  ["an inspection", inspect({ secret }, { showHidden: true })],
  ["its members", Object.values(secret).join()],
])("is not shown by %s", (_, shown) => {
  expect(shown).not.toContain("hidden");
});

it("is revealed where somebody asks", () => {
  expect(secret.reveal()).toBe("usk_hidden");
  expect(secret.equals(new Secret("usk_hidden"))).toBe(true);
  expect(secret.equals(new Secret("usk_other"))).toBe(false);
});

it.each([
  ["a", "a", true],
  ["a", "b", false],
  ["a", "ab", false],
  ["é", "é", true],
])("%s and %s compare as %s", (one, other, same) => {
  expect(isSameText(one, other)).toBe(same);
});
