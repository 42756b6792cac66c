import { expect, test } from "vitest";
import { GrowingPage } from "../src/growingPage.ts";
import { Insertion } from "../src/insertion.ts";

const BANNER = "<understudy-banner></understudy-banner>";
const HEAD = "<script></script>";
const LENGTH: [string, string] = ["content-length", "100"];
const page = (isHead = false) =>
  new GrowingPage([LENGTH], new Insertion(Buffer.from(BANNER), { head: Buffer.from(HEAD) }), {
    isHead,
  });
const part = (growing: GrowingPage, text: string, more: boolean) =>
  Buffer.from(growing.part(Buffer.from(text), { more })).toString();

test("it is held back until its place is known, and tells its new length then", () => {
  const growing = page();
  expect(part(growing, "<html><head></head><bo", true)).toBe("");
  expect([growing.waits, growing.headers]).toEqual([true, [LENGTH]]);
  expect(part(growing, "dy>hello", true)).toBe(`<html><head>${HEAD}</head><body>${BANNER}hello`);
  const grown = String(100 + BANNER.length + HEAD.length);
  expect([growing.waits, growing.headers]).toEqual([false, [["content-length", grown]]]);
});

test("what follows goes on as it is", () => {
  const growing = page();
  part(growing, "<body>", true);
  const { headers } = growing;
  expect(part(growing, "<body>", true)).toBe("<body>");
  expect(part(growing, "", false)).toBe("");
  expect(growing.headers).toEqual(headers);
});

test("a page without a body goes out at its end", () => {
  const growing = page();
  expect(part(growing, "plain", false)).toBe(`${HEAD}${BANNER}plain`);
  expect(growing.waits).toBe(false);
});

test.each([
  [true, []],
  [false, [LENGTH]],
])("an empty answer does not grow, and to a HEAD (%s) has no length", (isHead, headers) => {
  const growing = page(isHead);
  expect(part(growing, "", false)).toBe("");
  expect([growing.waits, growing.headers]).toEqual([false, headers]);
});
