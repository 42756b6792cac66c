import { expect, it } from "vitest";
import { casefold, strip, stripBytes } from "../src/core/letters.ts";

it.each([
  ["Straße", "strasse"],
  ["STRAẞE", "strasse"],
  ["ΟΔΟΣ", "οδοσ"],
  ["ſecret", "secret"],
  ["ﬁle", "file"],
  ["K", "k"],
  ["İ", "i\u0307"],
  ["ı", "ı"],
  ["\uab70", "\u13a0"],
  ["ᾳ", "αι"],
])("folds %s to %s", (text, folded) => {
  expect(casefold(text)).toBe(folded);
});

it("takes off blanks that a script's own trim leaves", () => {
  expect(strip("\x1c\x85 PUT\u3000")).toBe("PUT");
  expect(strip("\ufeffPUT")).toBe("\ufeffPUT");
  expect(stripBytes("\t a\xa0 \r\n")).toBe("a\xa0");
});
