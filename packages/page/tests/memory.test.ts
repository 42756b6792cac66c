import { beforeEach, expect, test, vi } from "vitest";
import { keepRemembering, recallsAnother } from "../src/memory.ts";

let entry: string;
let type: string | undefined;
const places = new EventTarget();

beforeEach(() => {
  entry = "first";
  type = "navigate";
  Object.defineProperty(places, "currentEntry", {
    get: () => ({ key: entry }),
    configurable: true,
  });
  vi.stubGlobal("navigation", places);
  performance.getEntriesByType = () =>
    type === undefined ? [] : [{ type } as unknown as PerformanceEntry];
});

test("a page that is newly opened recalls nothing", () => {
  expect(recallsAnother("A")).toBe(false);
});

test.each(["reload", "back_forward", "prerender", undefined])(
  "by %s a page recalls its own, and not another's",
  (how) => {
    recallsAnother("A");
    type = how;
    expect(recallsAnother("A")).toBe(false);
    expect(recallsAnother("B")).toBe(true);
    expect(recallsAnother("B")).toBe(false);
  },
);

test("a place that nothing is known of counts as another's", () => {
  type = "back_forward";
  expect(recallsAnother("A")).toBe(true);
});

test("going back past a page of B's does not make A's place B's", () => {
  recallsAnother("A");
  entry = "second";
  recallsAnother("B");
  entry = "first";
  type = "back_forward";
  expect(recallsAnother("B")).toBe(true);
});

test("a place within the page is the page's", () => {
  recallsAnother("A");
  keepRemembering("A");
  entry = "within";
  places.dispatchEvent(new Event("currententrychange"));
  type = "reload";
  expect(recallsAnother("A")).toBe(false);
});

test("without places there is one memory for the tab", () => {
  vi.stubGlobal("navigation", undefined);
  recallsAnother("A");
  type = "reload";
  expect(recallsAnother("A")).toBe(false);
  expect(recallsAnother("B")).toBe(true);
});

test("it keeps as many places as a browser does, not all that ever were", () => {
  for (let number = 0; number < 100; number += 1) {
    entry = String(number);
    recallsAnother("A");
  }
  type = "back_forward";
  expect(recallsAnother("A")).toBe(false);
  entry = "1";
  expect(recallsAnother("A")).toBe(true);
  expect(JSON.parse(sessionStorage.getItem("understudy-page") ?? "")).toHaveLength(60);
});

test.each(["{", "7", '[["first"]]'])("what it cannot read (%s) it has not seen", (kept) => {
  sessionStorage.setItem("understudy-page", kept);
  type = "reload";
  expect(recallsAnother("A")).toBe(true);
});

test("where nothing may be kept everything counts as another's", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  recallsAnother("A");
  type = "reload";
  expect(recallsAnother("A")).toBe(true);
});
