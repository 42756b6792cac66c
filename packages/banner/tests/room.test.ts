import { expect, test } from "vitest";
import { Room } from "../src/room.ts";

function rules(): string {
  return document.adoptedStyleSheets
    .flatMap((sheet) => [...sheet.cssRules])
    .map((rule) => rule.cssText)
    .join("\n");
}

test("the page is pushed down by the banner's height, and can read it", () => {
  const room = new Room();
  room.reserve(56);
  expect(getComputedStyle(document.documentElement).paddingTop).toBe("56px");
  expect(rules()).toContain("--understudy-banner-height: 56px");
  expect(document.adoptedStyleSheets).toHaveLength(1);
  room.reserve(0);
  expect(document.adoptedStyleSheets).toHaveLength(1);
  expect(getComputedStyle(document.documentElement).paddingTop).toBe("0px");
  room.release();
});

test("an app that replaces the document's style sheets gets ours added again", () => {
  const room = new Room();
  room.reserve(56);
  document.adoptedStyleSheets = [];
  room.reserve(56);
  expect(document.adoptedStyleSheets).toHaveLength(1);
  room.release();
});

test("the app's own style sheets stay when the room is given back", () => {
  const own = new CSSStyleSheet();
  document.adoptedStyleSheets = [own];
  const room = new Room();
  room.reserve(56);
  room.release();
  expect(document.adoptedStyleSheets).toEqual([own]);
  document.adoptedStyleSheets = [];
});
