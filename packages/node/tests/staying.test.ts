import { afterEach, beforeEach, expect, test } from "vitest";
import { Held } from "../src/cache.ts";
import { tokenHash } from "../src/core/tokens.ts";
import { TOUCH_SECONDS } from "../src/staying.ts";
import type { FakeSession } from "../src/testing/index.ts";
import type { Headers } from "../src/visit.ts";
import { told, VisitedApp } from "./visiting.ts";

const OWN: Headers = [
  ["sec-fetch-site", "same-origin"],
  ["user-agent", "Firefox"],
];
let app: VisitedApp;
let session: FakeSession;

beforeEach(async () => {
  app = new VisitedApp();
  session = app.gateway.open({ minutes: 30, idleMinutes: 10 });
  // From the second time on by what this process knows, once the service's news reach it.
  await state();
  await app.gateway.waitForFollowers();
  await state();
});
afterEach(() => app.understudy.close());

const state = async () => told(await app.visit("GET", "state", { headers: OWN, session }));
const stay = (query = "", headers = OWN) => app.visit("POST", "stay", { headers, query, session });

function held(): Held {
  const found = app.understudy.runtime().cache.peek(tokenHash(session.token));
  if (!(found instanceof Held)) throw new Error("the session is not held");
  return found;
}

/** The session after so many seconds in which nothing happened. */
function rested(seconds: number): Held {
  const found = held();
  found.idleUntil -= seconds;
  found.touchedAt -= seconds;
  return found;
}

function secondsUntil(times: Record<string, unknown>, name: string): number {
  return (Date.parse(String(times[name])) - Date.parse(String(times.server_now))) / 1000;
}

test("the state tells both ends, and no secret", async () => {
  rested(120);
  const found = await state();
  expect(Object.keys(found)).toEqual([
    "active",
    "session",
    "ends_at",
    "idle_ends_at",
    "server_now",
  ]);
  expect(Math.abs(secondsUntil(found, "idle_ends_at") - 480)).toBeLessThan(5);
  expect(Math.abs(secondsUntil(found, "ends_at") - 1800)).toBeLessThan(5);
});

test("the idle end is never said to be behind the end", async () => {
  const found = rested(-7200);
  expect(found.idleUntil).toBeGreaterThan(found.overAt);
  const times = await state();
  expect(times.idle_ends_at).toBe(times.ends_at);
});

test("staying puts the idle end off, and is in the log", async () => {
  rested(500);
  const times = told(await stay(`session=${session.id}`));
  expect(Math.abs(secondsUntil(times, "idle_ends_at") - 600)).toBeLessThan(5);
  expect(await app.gateway.actions(session.id)).toMatchObject([
    {
      phase: "completed",
      method: "POST",
      path: "/_understudy/stay",
      status: 200,
      address: "192.0.2.7",
      userAgent: "Firefox",
    },
  ]);
});

test("staying is recorded no more often than said", async () => {
  for (let times = 0; times < 5; times += 1) await stay();
  rested(TOUCH_SECONDS + 1);
  await stay();
  await app.understudy.close();
  expect(await app.gateway.actions(session.id)).toHaveLength(2);
});

test("a page of another session keeps none alive", async () => {
  const found = rested(500);
  const until = found.idleUntil;
  expect(told(await stay("session=ses_other")).session).toBe(session.id);
  expect(found.idleUntil).toBe(until);
});

test.each(["cross-site", "same-site"])("another site keeps no session alive: %s", async (site) => {
  const found = rested(500);
  const until = found.idleUntil;
  const answer = await stay("", [["sec-fetch-site", site]]);
  expect([answer.status, told(answer).code]).toEqual([403, "cross_site_refused"]);
  expect(found.idleUntil).toBe(until);
});

test("a session that is over does not come back", async () => {
  await app.gateway.revoke(session.id);
  app.understudy.runtime().cache.close(session.id, "revoked");
  for (const answer of [await stay(), await app.visit("GET", "state", { session })]) {
    expect(told(answer)).toEqual({
      active: false,
      cause: "revoked",
      message: "Somebody with the right to do so revoked it.",
    });
  }
});

test("without a session there is none", async () => {
  expect(told(await app.visit("GET", "state"))).toMatchObject({ active: false, cause: null });
});

test("when nobody can tell, it is not said to go on", async () => {
  app.gateway.reachable = false;
  app.understudy.runtime().pulse.mistrust();
  const answer = await app.visit("GET", "state", { session });
  expect([answer.status, told(answer).code]).toEqual([503, "unavailable"]);
});
