import { expect, test } from "vitest";
import { testBundle } from "../../script/tests/bundle.ts";

const code = testBundle({
  root: `${import.meta.dirname}/..`,
  file: "page.js",
  // Every page waits for it.
  bytes: 5_500,
  // What belongs elsewhere, and what a page's own script has no business with.
  foreign: ["react", "mantine", "/api/v1", "localStorage", "indexedDB", "console."],
});

test("no address stands in it", () => {
  expect(code()).not.toMatch(/https?:\/\/\w/);
});
