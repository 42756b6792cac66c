import { expect, test } from "vitest";
import { Dial, scopeIcon } from "../src/icons.ts";

test.each([
  [0, "0.00 60"],
  [900_000, "15.00 60"],
  [3_600_000, "60.00 60"],
  [7_200_000, "60.00 60"],
])("with %i ms left the dial's hand covers %s minutes", (remaining, expected) => {
  const dial = new Dial();
  dial.show(remaining);
  expect(dial.picture.lastElementChild?.getAttribute("stroke-dasharray")).toBe(expected);
});

test("the two scopes differ in shape, not only in colour", () => {
  expect(scopeIcon(true).querySelector(".solid")).not.toBeNull();
  expect(scopeIcon(false).querySelector(".solid")).toBeNull();
});
