import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createUnderstudy, type Quiet, type QuietOptions, withoutAnalytics } from "../src/index.ts";
import { NOBODY, Server, session, settled } from "./server.ts";

const STATUS = "/_understudy/status";
const GA = "ga-disable-G-TEST";
const ALL = { googleAnalytics: ["G-TEST"], plausible: true, umami: true } as const;

let server: Server;
let quiets: Quiet[];

beforeEach(() => {
  server = new Server();
  quiets = [];
});

afterEach(() => {
  for (const quiet of quiets) quiet.stop();
  localStorage.clear();
  Reflect.deleteProperty(window, GA);
  document.body.replaceChildren();
  document.documentElement.removeAttribute("data-understudy-page");
});

async function onPage(told: object, options: QuietOptions = ALL): Promise<Quiet> {
  server.tells(STATUS, told);
  const quiet = withoutAnalytics(createUnderstudy(), options);
  quiets.push(quiet);
  await settled();
  return quiet;
}

function flags(): unknown[] {
  return [Reflect.get(window, GA), { ...localStorage }];
}

test("in a session Google, Plausible and Umami are told to send nothing", async () => {
  expect((await onPage(session())).on).toBe(true);
  expect(Reflect.get(window, GA)).toBe(true);
  expect(localStorage.getItem("plausible_ignore")).toBe("true");
  expect(localStorage.getItem("umami.disabled")).toBe("1");
});

test("outside of a session nothing is touched", async () => {
  Reflect.set(window, GA, "the app's own");
  localStorage.setItem("plausible_ignore", "the app's own");
  expect((await onPage(NOBODY)).on).toBe(false);
  expect(flags()).toEqual(["the app's own", { plausible_ignore: "the app's own" }]);
});

test("what nobody has named is left alone", async () => {
  await onPage(session(), { plausible: true });
  expect(Reflect.has(window, GA)).toBe(false);
  expect(localStorage.getItem("umami.disabled")).toBeNull();
});

test("the end gives back what was there", async () => {
  localStorage.setItem("umami.disabled", "0");
  await onPage(session());
  server.tells(STATUS, NOBODY);
  document.dispatchEvent(new CustomEvent("understudy:ended"));
  await settled();
  expect(flags()).toEqual([undefined, { "umami.disabled": "0" }]);
  expect(Reflect.has(window, GA)).toBe(false);
});

test("a page that was closed in a session leaves nothing behind for good", async () => {
  localStorage.setItem("plausible_ignore", "false");
  await onPage(session());
  // The next page of the app, after the end; the one before never came to tidy up.
  quiets = [];
  await onPage(NOBODY);
  expect({ ...localStorage }).toEqual({ plausible_ignore: "false" });
});

test("two pages of one session keep what was there before both", async () => {
  await onPage(session());
  await onPage(session());
  for (const quiet of quiets) quiet.stop();
  expect({ ...localStorage }).toEqual({});
});

test("a page that says itself that it is of a session is silent before anybody is asked", async () => {
  server.tells(STATUS, session());
  document.documentElement.setAttribute("data-understudy-page", "ses_1");
  const marked = withoutAnalytics(createUnderstudy(), ALL);
  document.documentElement.setAttribute("data-understudy-page", "own");
  const own = withoutAnalytics(createUnderstudy(), ALL);
  document.body.append(document.createElement("understudy-banner"));
  const bannered = withoutAnalytics(createUnderstudy(), ALL);
  quiets.push(marked, own, bannered);
  expect([marked.on, own.on, bannered.on]).toEqual([true, false, true]);
});

test("others are paused and go on by what the app gives", async () => {
  const resume = vi.fn();
  const pause = vi.fn(() => resume);
  const quiet = await onPage(session(), { pause });
  expect([pause.mock.calls.length, resume.mock.calls.length]).toEqual([1, 0]);
  quiet.stop();
  expect([pause.mock.calls.length, resume.mock.calls.length, quiet.on]).toEqual([1, 1, false]);
});

test("a browser that keeps nothing is no reason to fail", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  expect((await onPage(session())).on).toBe(true);
  expect(Reflect.get(window, GA)).toBe(true);
});
