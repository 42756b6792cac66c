import { expect, test } from "vitest";
import { Pace } from "../src/pace.ts";

test("a burst goes through at once, what follows waits for the window to pass", () => {
  const pace = new Pace(2, 1_000);
  expect([pace.take(0), pace.take(100), pace.take(100), pace.take(100)]).toEqual([
    0, 0, 900, 1_000,
  ]);
});

test("after a rest a whole burst is free again", () => {
  const pace = new Pace(2, 1_000);
  pace.take(0);
  pace.take(0);
  expect([pace.take(1_000), pace.take(1_000), pace.take(1_000)]).toEqual([0, 0, 1_000]);
});
