import { expect, test, vi } from "vitest";
import { recall, remember } from "../src/memory.ts";

test("the tab remembers, under a name of our own", () => {
  remember("shrunk", "yes");
  expect(recall("shrunk")).toBe("yes");
  expect(sessionStorage.getItem("understudy:shrunk")).toBe("yes");
});

test("a browser that refuses storage remembers nothing and breaks nothing", () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(refuse);
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(refuse);
  remember("shrunk", "yes");
  expect(recall("shrunk")).toBeNull();
});

function refuse(): never {
  throw new DOMException("denied", "SecurityError");
}
