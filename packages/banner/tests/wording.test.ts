import { expect, test } from "vitest";
import { causeText, timeText } from "../src/wording.ts";

test.each([
  [{ cause: "expired", message: "" }, "Its time ran out."],
  [{ cause: "ended", message: "" }, "It was ended."],
  [{ cause: "revoked", message: "Ended by Kim." }, "Ended by Kim."],
  [{ cause: "identity_not_applied", message: "" }, ""],
  [{ cause: "constructor", message: "" }, ""],
])("the ending %o reads %o", (ending, expected) => {
  expect(causeText(ending)).toBe(expected);
});

test("where resting ends it, the words change at one minute", () => {
  expect([timeText(60_001, true), timeText(60_000, true)]).toEqual(["1:01 left", "Ends in 1:00"]);
});

test("the words change at five minutes", () => {
  expect([timeText(300_001), timeText(300_000)]).toEqual(["5:01 left", "Ends in 5:00"]);
});
