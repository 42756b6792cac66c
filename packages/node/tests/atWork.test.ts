import { expect, test } from "vitest";
import { AtWork } from "../src/atWork.ts";

const place = () => {
  const made = { busy: true, isBusy: () => made.busy };
  return made;
};

test("somebody is at work while any place is busy", () => {
  const [atWork, one, other] = [new AtWork(), place(), place()];
  expect([atWork.ever, atWork.anybody()]).toEqual([false, false]);
  atWork.begins(one);
  atWork.begins(other);
  one.busy = false;
  expect(atWork.anybody()).toBe(true);
  other.busy = false;
  expect([atWork.ever, atWork.anybody()]).toEqual([true, false]);
});

test("a place that is left does not count, however often it began", () => {
  const [atWork, one] = [new AtWork(), place()];
  atWork.begins(one);
  atWork.begins(one);
  atWork.leaves(one);
  expect(atWork.anybody()).toBe(false);
});
