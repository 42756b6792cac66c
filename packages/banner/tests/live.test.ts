import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live } from "../src/live.ts";
import {
  answerAway,
  answerNothing,
  answerWith,
  FakeEventSource,
  pass,
  setHidden,
  stream,
  violate,
} from "./browser.ts";
import { activeState } from "./markup.ts";

const STATE = "https://app.example/_understudy/state";
const EVENTS = "https://app.example/_understudy/events";
const STAY = "http://localhost:3000/_understudy/stay?session=session-1";

const onState = vi.fn();
const onEnded = vi.fn();
const onLink = vi.fn();
let live: Live;

beforeEach(() => {
  for (const spy of [onState, onEnded, onLink]) spy.mockReset();
  live = new Live({ stateUrl: STATE, eventsUrl: EVENTS, stayUrl: STAY, onState, onEnded, onLink });
});

afterEach(() => live.stop());

test("staying is a post, whose answer is the state as well", async () => {
  const fetch = answerWith(activeState(60));
  await live.stay();
  expect(fetch).toHaveBeenCalledExactlyOnceWith(STAY, expect.objectContaining({ method: "POST" }));
  expect(onState).toHaveBeenCalledOnce();
  live.stop();
  await live.stay();
  expect(fetch).toHaveBeenCalledOnce();
});

test("the state is asked at once, with the cookie of this origin and past every cache", async () => {
  const fetch = answerWith(activeState(60));
  live.start();
  await pass(0);
  expect(fetch).toHaveBeenCalledExactlyOnceWith(
    STATE,
    expect.objectContaining({ credentials: "same-origin", cache: "no-store", redirect: "error" }),
  );
  expect(onState).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ active: true }));
});

test("without a stream the state is asked every two seconds", async () => {
  const fetch = answerWith(activeState(60));
  live.start();
  const broken = await stream();
  fetch.mockClear();
  broken.fail();
  await pass(10_000);
  expect(fetch).toHaveBeenCalledTimes(6);
});

test("a browser without server-sent events polls", async () => {
  vi.stubGlobal("EventSource", undefined);
  const fetch = answerWith(activeState(60));
  live.start();
  await pass(4_000);
  expect(fetch).toHaveBeenCalledTimes(3);
});

/** In an app that keeps no stream open, such as one that speaks WSGI. */
function withoutStream(): Live {
  const options = { stateUrl: STATE, eventsUrl: "", stayUrl: STAY, onState, onEnded, onLink };
  live = new Live(options);
  return live;
}

test("an app without a stream is asked every two seconds, and for nothing but the state", async () => {
  const fetch = answerWith(activeState(60));
  withoutStream().start();
  await pass(10_000);
  expect(fetch).toHaveBeenCalledTimes(6);
  expect(new Set(fetch.mock.calls.map(([url]) => url))).toEqual(new Set([STATE]));
  expect(FakeEventSource.made).toHaveLength(0);
});

test("it is asked nothing by a page that nobody looks at, and at once when somebody does", async () => {
  const fetch = answerWith(activeState(60));
  withoutStream().start();
  await pass(2_000);
  setHidden(true);
  fetch.mockClear();
  await pass(120_000);
  await live.check();
  expect(fetch).not.toHaveBeenCalled();
  setHidden(false);
  await pass(0);
  expect(fetch).toHaveBeenCalledOnce();
  await pass(4_000);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test("a page that was never looked at asks nothing either", async () => {
  const fetch = answerWith(activeState(60));
  setHidden(true);
  withoutStream().start();
  await pass(60_000);
  expect(fetch).not.toHaveBeenCalled();
  setHidden(false);
  await pass(0);
  expect(fetch).toHaveBeenCalledOnce();
});

test("an open stream leaves one question in thirty seconds", async () => {
  const fetch = answerWith(activeState(60));
  live.start();
  await pass(0);
  (await stream()).open();
  await pass(0);
  fetch.mockClear();
  await pass(60_000);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("a stream that breaks is followed by polling at once", async () => {
  const fetch = answerWith(activeState(60));
  live.start();
  await pass(0);
  (await stream()).open();
  await pass(5_000);
  fetch.mockClear();
  (await stream()).fail();
  await pass(2_000);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("the stream's ended event is passed on", async () => {
  answerWith(activeState(60));
  live.start();
  expect((await stream()).url).toBe(EVENTS);
  (await stream()).ended('{"cause":"revoked","message":"Ended by Kim."}');
  expect(onEnded).toHaveBeenCalledExactlyOnceWith({ cause: "revoked", message: "Ended by Kim." });
});

test("without answers the questions become rarer, and the third failure is told", async () => {
  const fetch = answerNothing();
  live.start();
  await pass(2_000);
  expect(onLink).toHaveBeenLastCalledWith("asking");
  await pass(4_000);
  expect(onLink).toHaveBeenLastCalledWith("lost");
  fetch.mockClear();
  await pass(120_000);
  expect(fetch.mock.calls.length).toBeLessThanOrEqual(6);
  expect(fetch.mock.calls.length).toBeGreaterThanOrEqual(4);
});

test("a service that is away is told at the second answer, and asked for until it is back", async () => {
  const fetch = answerAway();
  live.start();
  await pass(0);
  (await stream()).open();
  await pass(0);
  expect(onLink).toHaveBeenLastCalledWith("away");
  fetch.mockClear();
  await pass(10_000);
  expect(fetch).toHaveBeenCalledTimes(5);
  answerWith(activeState(60));
  await pass(2_000);
  expect(onLink).toHaveBeenLastCalledWith("asking");
  expect(onState).toHaveBeenCalledOnce();
});

test("one answer that it is away is not worth a word", async () => {
  answerAway();
  live.start();
  await pass(0);
  answerWith(activeState(60));
  await pass(2_000);
  expect(onLink.mock.calls).toEqual([["asking"], ["asking"]]);
});

test("a proxy that says 503 for an app that is away says nothing of the service", async () => {
  vi.stubGlobal("fetch", async () => new Response("{}", { status: 503 }));
  live.start();
  await pass(6_000);
  expect(onLink).toHaveBeenLastCalledWith("lost");
});

test("whoever types while the service is away hears of it then", async () => {
  const fetch = answerWith(activeState(60));
  live.start();
  await pass(0);
  (await stream()).open();
  await pass(0);
  expect(fetch).toHaveBeenCalledTimes(2);
  const away = answerAway();
  await live.stay();
  await pass(2_000);
  expect(away).toHaveBeenCalledTimes(3);
  expect(onLink).toHaveBeenLastCalledWith("away");
});

test("one answer after failures is contact again", async () => {
  answerNothing();
  live.start();
  await pass(6_000);
  answerWith(activeState(60));
  window.dispatchEvent(new Event("online"));
  await pass(0);
  expect(onLink).toHaveBeenLastCalledWith("asking");
});

test.each([
  ["an error page", { active: false, cause: "ended" }, false],
  ["an answer of another shape", { detail: "not found" }, true],
])("%s is no word on the session", async (_what, body, ok) => {
  answerWith(body, ok);
  live.start();
  await pass(6_000);
  expect(onState).not.toHaveBeenCalled();
  expect(onLink).toHaveBeenLastCalledWith("lost");
});

test("a question without answer is given up after five seconds", async () => {
  let aborted = false;
  vi.stubGlobal("fetch", (_url: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        reject(new DOMException("aborted", "AbortError"));
      });
    });
  });
  live.start();
  await pass(4_999);
  expect(aborted).toBe(false);
  await pass(1);
  expect(aborted).toBe(true);
});

test("where the page's policy forbids connections, nothing is tried again", async () => {
  const fetch = answerNothing();
  live.start();
  await pass(0);
  violate("connect-src", STATE);
  await pass(120_000);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(onLink).toHaveBeenLastCalledWith("blocked");
  expect((await stream()).closed).toBe(true);
});

test.each([
  ["is only reported", STATE, "report"],
  ["is about something else", "https://analytics.example/hit", "enforce"],
])("a violation that %s changes nothing", async (_what, uri, disposition) => {
  const fetch = answerWith(activeState(60));
  live.start();
  violate("connect-src", uri, disposition);
  await pass(4_000);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test("a hidden page gives its connection back, and takes it again when it is shown", async () => {
  const fetch = answerWith(activeState(60));
  live.start();
  const first = await stream();
  setHidden(true);
  await pass(0);
  expect(first.closed).toBe(true);
  fetch.mockClear();
  await pass(30_000);
  expect(fetch).toHaveBeenCalledTimes(1);
  setHidden(false);
  await pass(0);
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(await stream()).not.toBe(first);
});

test("a page that comes back from the browser's cache asks at once", async () => {
  const fetch = answerWith(activeState(60));
  live.start();
  await pass(0);
  window.dispatchEvent(new Event("pagehide"));
  expect((await stream()).closed).toBe(true);
  fetch.mockClear();
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await pass(0);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect((await stream()).closed).toBe(false);
});

test("an answer that comes after the stop is not passed on", async () => {
  answerWith(activeState(60));
  live.start();
  live.stop();
  await pass(60_000);
  expect(onState).not.toHaveBeenCalled();
});
