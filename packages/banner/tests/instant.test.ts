import { expect, test } from "vitest";
import { instant } from "../src/instant.ts";

test.each([
  ["2026-11-22T10:00:00Z", Date.UTC(2026, 10, 22, 10)],
  ["2026-11-22T12:00:00.250+02:00", Date.UTC(2026, 10, 22, 10, 0, 0, 250)],
  ["2026-11-22T10:00:00.123456Z", Date.UTC(2026, 10, 22, 10, 0, 0, 123)],
])("%s is a moment", (text, expected) => {
  expect(instant(text)).toBe(expected);
});

test.each([
  ["no zone", "2026-11-22T10:00:00"],
  ["a date alone", "2026-11-22"],
  ["seconds since the epoch", "1795341600"],
  ["a month that is not", "2026-13-22T10:00:00Z"],
  ["something after it", "2026-11-22T10:00:00Z\n"],
  ["nothing", undefined],
  ["a number", 1795341600],
])("%s is refused", (_what, value) => {
  expect(instant(value)).toBeNull();
});
