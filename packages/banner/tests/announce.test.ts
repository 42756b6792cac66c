import { beforeEach, expect, test } from "vitest";
import { Announcer } from "../src/announce.ts";
import { pass } from "./browser.ts";

let polite: HTMLElement;
let assertive: HTMLElement;
let announcer: Announcer;

beforeEach(() => {
  polite = document.createElement("div");
  assertive = document.createElement("div");
  announcer = new Announcer(polite, assertive);
});

function spoken(): (string | null)[] {
  return [polite.textContent, assertive.textContent];
}

test("a text comes a moment after its region is empty in the page", async () => {
  announcer.say("Hello");
  expect(spoken()).toEqual(["", ""]);
  await pass(150);
  expect(spoken()).toEqual(["Hello", ""]);
});

test("a text is gone after ten seconds", async () => {
  announcer.say("5 minutes left");
  await pass(10_150);
  expect(spoken()).toEqual(["", ""]);
});

test("an interruption takes the place of what was about to be said", async () => {
  announcer.say("1 minute left");
  announcer.interrupt("Ended");
  await pass(150);
  expect(spoken()).toEqual(["", "Ended"]);
});

test("the same text said again is set again, since an unchanged region is not read out", async () => {
  announcer.say("5 minutes left");
  await pass(150);
  announcer.say("5 minutes left");
  expect(spoken()).toEqual(["", ""]);
  await pass(150);
  expect(spoken()).toEqual(["5 minutes left", ""]);
});

test("a stopped announcer is silent", async () => {
  announcer.say("Hello");
  announcer.stop();
  await pass(60_000);
  expect(spoken()).toEqual(["", ""]);
});
