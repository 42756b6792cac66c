import { expect, test, vi } from "vitest";
import { pageOfA, work } from "./browser.ts";

test.each([
  ["A", false],
  ["B", true],
  ["own", true],
  [null, false],
])("where the browser works as %o it differs: %s", (as, differs) => {
  work(as);
  expect(pageOfA().differs()).toBe(differs);
});

test("whoever listens hears of each change once", () => {
  const heard = vi.fn();
  const identity = pageOfA();
  identity.listen(heard);
  for (const as of ["A", "B", "B", "A"]) {
    work(as);
    identity.differs();
  }
  expect(heard.mock.calls).toEqual([
    ["B", true],
    ["A", false],
  ]);
});

test("it tells as whom the browser worked when it was looked at last", () => {
  const identity = pageOfA();
  work("own");
  expect(identity.now).toBe("A");
  identity.differs();
  expect(identity.now).toBe("own");
});

test.each([
  ["/save", true],
  ["https://elsewhere.example/", true],
  ["/_understudy/state", false],
  ["https://elsewhere.example/_understudy/state", true],
  ["blob:http://x/1", false],
])("a page of somebody else's withholds %s: %s", (address, withheld) => {
  const identity = pageOfA();
  expect(identity.withholds(address)).toBe(false);
  work("B");
  expect(identity.withholds(address)).toBe(withheld);
  identity.leave();
  expect(identity.withholds(address)).toBe(false);
});

test.each([
  ["/save", "/save?_understudy_page=A"],
  ["/save?a=1#part", "/save?a=1&_understudy_page=A#part"],
  ["/save?_understudy_page=A", "/save?_understudy_page=A"],
  ["/save?_understudy_page=B&a=1", "/save?a=1&_understudy_page=A"],
])("%s is marked once: %s", (address, marked) => {
  expect(pageOfA().marked(address)).toBe(location.origin + marked);
});

test.each(["https://elsewhere.example/", "mailto:a@b.example", "http://"])(
  "%s gets no mark",
  (address) => {
    expect(pageOfA().marked(address)).toBeNull();
  },
);
