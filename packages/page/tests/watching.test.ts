import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watch } from "../src/watching.ts";
import { pageOfA, work } from "./browser.ts";

const cookies = new EventTarget();

beforeEach(() => {
  vi.stubGlobal("cookieStore", cookies);
  watch(pageOfA());
});

afterEach(() => {
  work("A");
  window.dispatchEvent(new Event("focus"));
});

test.each([
  ["focus", window],
  ["pageshow", window],
  ["visibilitychange", document],
  ["readystatechange", document],
  ["change", cookies],
])("it looks again at %s", (type, target) => {
  const root = document.documentElement;
  const heard = vi.fn();
  document.addEventListener("understudy:identity-changed", heard, { once: true });
  work("B");
  expect(root.hasAttribute("data-understudy-identity-changed")).toBe(false);
  target.dispatchEvent(new Event(type));
  expect(root.hasAttribute("data-understudy-identity-changed")).toBe(true);
  expect(document.querySelector("understudy-notice")).not.toBeNull();
  expect(heard.mock.calls[0]?.[0].detail).toEqual({ page: "A", now: "B" });
});
