// @vitest-environment node
import { expect, it } from "vitest";
import { hueOf, initials } from "./initials";

it("takes the first letters of first and last name", () => {
  expect(initials("Ada Lovelace")).toBe("AL");
  expect(initials("Anna Maria von der Ährenfeld")).toBe("AÄ");
});

it("takes one letter of a single name or an address", () => {
  expect(initials("cher")).toBe("C");
  expect(initials("ada.lovelace@example.com")).toBe("A");
});

it("takes whole characters, and a question mark where there is no letter", () => {
  expect(initials("𝒜da 小明")).toBe("𝒜小");
  expect(initials(" — ")).toBe("?");
});

it("gives a person the same hue each time, within the count", () => {
  expect(hueOf("user_1", 6)).toBe(hueOf("user_1", 6));
  for (const id of ["", "a", "user_42", "ü".repeat(300)]) {
    expect(hueOf(id, 6)).toBeGreaterThanOrEqual(0);
    expect(hueOf(id, 6)).toBeLessThan(6);
  }
});
