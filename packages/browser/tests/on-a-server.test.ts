// @vitest-environment node
import { expect, test } from "vitest";
import { createUnderstudy } from "../src/index.ts";

test("nothing of a browser is needed to make one, as where pages are rendered", () => {
  expect("document" in globalThis).toBe(false);
  expect(createUnderstudy().current()).toBeNull();
});
