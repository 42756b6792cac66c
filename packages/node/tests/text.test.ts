import { describe, expect, it } from "vitest";
import { cleanAction, cleanText, OTHER_METHOD, PATH_LENGTH } from "../src/cleaning.ts";
import { InvalidInput } from "../src/core/errors.ts";
import { cleaned, requireId, requireText } from "../src/core/text.ts";
import { partKey, wholesOf } from "../src/partKeys.ts";
import { anAction } from "./support/sample.ts";

describe("text", () => {
  it.each(["", "Ada Lovelace", "Zoë", "日本語", "می\u200cخواهم", "👩\u200d💻", "❤\ufe0f\u200d🔥"])(
    "is %j",
    (text) => {
      expect(() => requireText(text, "name")).not.toThrow();
    },
  );

  it.each(["a\0b", "a\u202eb", "a\u200bb", "\u200dab", "a\nb", "a\u2028b", "\ud800", "a\u200d👩"])(
    "is not %j",
    (text) => {
      expect(() => requireText(text, "name")).toThrow(InvalidInput);
    },
  );

  it("may have lines where they are allowed, and ids no joiner", () => {
    expect(() => requireText("a\nb", "reason", { lines: true })).not.toThrow();
    expect(() => requireId("می\u200cخواهم", "id")).toThrow(InvalidInput);
    expect(() => requireText(null, "name")).not.toThrow();
  });

  it("names the character and its place", () => {
    expect(() => requireText("😀b\ncd\u202e", "reason", { lines: true })).toThrow(
      "reason holds U+202E at character 3 of line 2, which is no text.",
    );
  });

  it("has a mark where it has none", () => {
    expect(cleaned("a\0b\u200dc\nd")).toBe("a\ufffdb\ufffdc\nd");
  });
});

describe("an action", () => {
  it("is as it was when nothing is odd about it", () => {
    const action = anAction("a", { route: "/x/{id}", address: "192.0.2.1", userAgent: "x" });
    expect(cleanAction(action)).toEqual(action);
  });

  it("is cut to what the service takes, and by whole characters", () => {
    const cleanedOne = cleanAction(
      anAction("a", { path: "/".repeat(9_000), userAgent: "😀".repeat(600), method: "get" }),
    );
    expect(cleanedOne.path).toHaveLength(PATH_LENGTH);
    expect([...(cleanedOne.userAgent ?? "")]).toEqual(Array.from({ length: 500 }, () => "😀"));
    expect(cleanedOne.method).toBe(OTHER_METHOD);
    expect(cleanAction(anAction("a", { path: "" })).path).toBe("/");
  });

  it("is on one line", () => {
    expect(cleanText("a\nb\u2028c\rd", 10)).toBe("a\ufffdb\ufffdc\ufffdd");
  });
});

describe("the key of a part", () => {
  it("tells what it is a part of", () => {
    const part = partKey(partKey("whole", 1), 0);
    expect([...wholesOf(part)]).toEqual([partKey("whole", 1), "whole"]);
    expect([...wholesOf("whole")]).toEqual([]);
  });
});
