import { expect, test } from "vitest";
import { coveredByTop } from "../src/frame.ts";

function pageIn(html: string): Pick<Window, "self" | "top"> {
  const top = { document: new DOMParser().parseFromString(html, "text/html") };
  return { self: window, top: top as unknown as Window };
}

test("a page of its own is not covered", () => {
  expect(coveredByTop({ self: window, top: window })).toBe(false);
});

test("a frame is covered by a page that has the banner", () => {
  expect(coveredByTop(pageIn("<understudy-banner></understudy-banner>"))).toBe(true);
  expect(coveredByTop(pageIn("<main></main>"))).toBe(false);
});

test("a page of another origin covers nothing, since it cannot be looked into", () => {
  const top = {
    get document(): never {
      throw new DOMException("blocked", "SecurityError");
    },
  };
  expect(coveredByTop({ self: window, top: top as unknown as Window })).toBe(false);
});
