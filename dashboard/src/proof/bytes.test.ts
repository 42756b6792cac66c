// @vitest-environment node
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64, MalformedProof, parseDecimal } from "./bytes";

describe("base64", () => {
  it("comes back as the bytes that it was made from", () => {
    for (const length of [0, 1, 2, 3, 32, 255]) {
      const bytes = Uint8Array.from({ length }, (_, place) => (place * 37) % 256);
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }
  });

  it.each(["!!AAAA", "AAA", "AA", "AA=", "AAAA\n", " AAAA", "AA-_", "AB==", "AAB="])(
    "is refused when it is %j, which is not the one spelling of anything",
    (text) => {
      expect(() => decodeBase64(text)).toThrow(MalformedProof);
    },
  );
});

describe("a decimal number", () => {
  it("is read exactly", () => {
    expect([parseDecimal("0"), parseDecimal("42"), parseDecimal("9007199254740991")]).toEqual([
      0, 42, 9007199254740991,
    ]);
  });

  it.each(["-1", "+42", "042", "4_2", "", " 1", "1.0", "1e3", "٣", "9007199254740993"])(
    "is refused when it is %j",
    (text) => {
      expect(() => parseDecimal(text)).toThrow(MalformedProof);
    },
  );
});
