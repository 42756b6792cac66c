import { expect, test } from "vitest";
import { Countdown, clockText, crossed, isSoon, LAST, SOON, spokenText } from "../src/countdown.ts";

const reading = { endsAt: 100_000, serverNow: 40_000, takenAt: 500 };

test("time passes by the monotonic clock from the moment of the reading", () => {
  const countdown = new Countdown(reading);
  expect([500, 1_500, 60_499, 60_500, 99_999].map((now) => countdown.remaining(now))).toEqual([
    60_000, 59_000, 1, 0, 0,
  ]);
});

test("a newer reading that says much the same does not make the display jump", () => {
  const countdown = new Countdown(reading);
  countdown.sync({ endsAt: 100_000, serverNow: 41_999, takenAt: 1_500 }, 1_500);
  expect(countdown.remaining(1_500)).toBe(59_000);
});

test("a newer reading that differs by a second is taken, in either direction", () => {
  const countdown = new Countdown(reading);
  countdown.sync({ endsAt: 100_000, serverNow: 42_000, takenAt: 1_500 }, 1_500);
  expect(countdown.remaining(1_500)).toBe(58_000);
  countdown.sync({ endsAt: 200_000, serverNow: 42_000, takenAt: 1_500 }, 1_500);
  expect(countdown.remaining(1_500)).toBe(158_000);
});

test("the nearer end is counted down to, and one can tell which it is", () => {
  const rested = new Countdown({ ...reading, idleAt: 70_000 });
  expect([rested.byIdle, rested.remaining(500)]).toEqual([true, 30_000]);
  rested.sync({ ...reading, idleAt: 130_000 }, 500);
  expect([rested.byIdle, rested.remaining(500)]).toEqual([false, 60_000]);
  expect(new Countdown(reading).byIdle).toBe(false);
});

test.each([
  [SOON + 1, SOON, SOON],
  [SOON, SOON - 1, null],
  [LAST + 1, LAST, LAST],
  [SOON + 1, LAST, LAST],
  [LAST + 1, 0, null],
  [SOON + 2, SOON + 1, null],
])("from %i to %i ms left crosses %s", (before, after, expected) => {
  expect(crossed(before, after)).toBe(expected);
});

test("five minutes is soon and a millisecond more is not", () => {
  expect([isSoon(SOON), isSoon(SOON + 1)]).toEqual([true, false]);
});

test.each([
  [0, "0:00"],
  [1, "0:01"],
  [59_001, "1:00"],
  [600_000, "10:00"],
  [1_601_000, "26:41"],
  [3_600_000, "1:00:00"],
  [3_723_000, "1:02:03"],
])("%i ms is shown as %s", (milliseconds, expected) => {
  expect(clockText(milliseconds)).toBe(expected);
});

test.each([
  [1_000, "1 second"],
  [40_000, "40 seconds"],
  [60_000, "1 minute"],
  [1_601_000, "27 minutes"],
])("%i ms is spoken as %s", (milliseconds, expected) => {
  expect(spokenText(milliseconds)).toBe(expected);
});
