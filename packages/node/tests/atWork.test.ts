import { expect, test } from "vitest";
import { AT_WORK, AtWork } from "../src/atWork.ts";
import { LINGERING_SECONDS, SessionCache } from "../src/cache.ts";
import { anOpened, ManualTime } from "./support/sample.ts";

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

test("a process is at work while it serves a session, and as long as what that left may wait", () => {
  const time = new ManualTime();
  const { monotonic } = time;
  const pulse = { freshUntil: Number.POSITIVE_INFINITY, generation: 1 };
  const cache = new SessionCache({ pulse, monotonic });
  expect([cache.isBusy(), AT_WORK.anybody()]).toEqual([false, false]);
  cache.keep(anOpened(), { sentAt: monotonic(), generation: 1 });
  expect([cache.isBusy(), AT_WORK.anybody()]).toEqual([true, true]);
  cache.close("ses_1", "revoked");
  time.advance(LINGERING_SECONDS - 1);
  expect(AT_WORK.anybody()).toBe(true);
  time.advance(1);
  expect(AT_WORK.anybody()).toBe(false);
  // A token that nobody knows is nobody's session.
  cache.refuse("made up", null, { known: false });
  expect(AT_WORK.anybody()).toBe(false);
});

test("a session whose time is up leaves nobody at work, though nobody was told", () => {
  const time = new ManualTime();
  const pulse = { freshUntil: Number.POSITIVE_INFINITY, generation: 1 };
  const cache = new SessionCache({ pulse, monotonic: time.monotonic });
  cache.keep(anOpened(), { sentAt: time.monotonic(), generation: 1 });
  time.advance(1_800);
  expect(cache.isBusy()).toBe(false);
  AT_WORK.leaves(cache);
});
