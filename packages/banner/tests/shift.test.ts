import { afterEach, expect, test, vi } from "vitest";
import { Shift } from "../src/shift.ts";
import { pass } from "./browser.ts";

const closed = new AbortController();

afterEach(() => {
  closed.abort();
  document.body.replaceChildren();
});

// What covers what is tried in a real browser; here it is how often it looks, and that it stops.
test("a page that changes all the time is looked at now and then, and not when it is over", async () => {
  const header = document.createElement("header");
  document.body.append(header);
  const looked = vi.spyOn(document.body, "getElementsByTagName");
  const shift = new Shift(document.createElement("div"), () => {}, closed.signal);
  shift.below(56);
  for (let change = 0; change < 100; change += 1) {
    header.className = `state-${change}`;
    await pass(10);
  }
  expect(looked.mock.calls.length).toBeGreaterThan(2);
  expect(looked.mock.calls.length).toBeLessThan(9);
  looked.mockClear();
  shift.below(0);
  header.className = "";
  await pass(1_000);
  expect(looked).not.toHaveBeenCalled();
});

test("a look that took long is followed by a long rest", async () => {
  const header = document.createElement("header");
  document.body.append(header);
  const looked = vi.spyOn(document.body, "getElementsByTagName").mockImplementation(() => {
    vi.advanceTimersByTime(50);
    return document.body.children as HTMLCollectionOf<Element>;
  });
  const stop = new AbortController();
  new Shift(document.createElement("div"), () => {}, stop.signal).below(56);
  header.className = "changed";
  await pass(900);
  expect(looked).toHaveBeenCalledOnce();
  await pass(200);
  expect(looked).toHaveBeenCalledTimes(2);
  stop.abort();
});
