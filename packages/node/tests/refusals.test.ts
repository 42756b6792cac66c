import { afterAll, describe, expect, test } from "vitest";
import { Ended, Held } from "../src/cache.ts";
import { Refuse, UNAVAILABLE } from "../src/guard.ts";
import { type Refused, refusalAnswer } from "../src/refusals.ts";
import { Secret } from "../src/secret.ts";
import { WayBack } from "../src/wayBack.ts";
import { anOpened, SESSION, TOKEN } from "./support/sample.ts";
import { allOf, PERSON, text, told, VisitedApp } from "./visiting.ts";

const { understudy, routes } = new VisitedApp();
afterAll(() => understudy.close());

const ENDED = new Refuse(401, "session_over", { ended: new Ended("idle", SESSION) });
const HELD = new Held(anOpened(), "key", { sentAt: 0, generation: 1 });
const PEOPLE = new Map(PERSON);

function answer(refuse: Refuse, refused: Partial<Refused> = {}) {
  const plain = { method: "GET", headers: new Map<string, string>(), base: "/app", now: 0 };
  return refusalAnswer(refuse, routes, { ...plain, ...refused });
}

test("a program hears that the session is over, and why", () => {
  const found = answer(ENDED, { method: "POST" });
  expect(found.status).toBe(401);
  expect(told(found)).toMatchObject({ code: "session_over", cause: "idle" });
  expect(allOf(found, "set-cookie")).toEqual([]);
});

test("a person reads it, and loses the cookie", () => {
  const found = answer(ENDED, { headers: PEOPLE });
  expect(text(found)).toContain("was not opened");
  expect(text(found)).toContain('href="/app/home"');
  expect(allOf(found, "set-cookie")).toEqual([
    "__Host-understudy=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
    ...routes.epoch.cookies("own"),
  ]);
});

test.each([{ "sec-fetch-dest": "iframe" }, { "sec-fetch-dest": "empty" }, { accept: "*/*" }])(
  "the cookie stays where nobody reads: %j",
  (headers) => {
    const found = answer(ENDED, { headers: new Map(Object.entries(headers)) });
    expect(allOf(found, "set-cookie")).toEqual([]);
  },
);

test("a browser without fetch metadata is a person when it wants HTML", () => {
  const found = answer(ENDED, { headers: new Map([["accept", "text/html"]]) });
  expect(allOf(found, "set-cookie")).not.toEqual([]);
});

test("whoever started in the app goes back to where that was", () => {
  const kept = new WayBack(new Secret("a key for tests")).kept("/admin/users", anOpened());
  const [back] = kept.split(";");
  const cookie = `__Host-understudy=${TOKEN.reveal()}; ${back}`;
  const found = answer(ENDED, { headers: PEOPLE, cookie });
  expect(text(found)).toContain('href="/admin/users"');
  expect(allOf(found, "set-cookie")[1]).toMatch(/^__Host-understudy-back=; Path=\/; Max-Age=0;/);
  const other = answer(ENDED, { headers: PEOPLE, cookie: back ?? "" });
  expect(text(other)).toContain('href="/app/home"');
});

test("what a person typed is given back, and a program knows what it has sent", () => {
  const typed = [{ name: "text", value: "Dear Ada" }];
  for (const refuse of [ENDED, UNAVAILABLE]) {
    const sent = { method: "POST", typed };
    const page = text(answer(refuse, { ...sent, headers: PEOPLE }));
    expect(page).toContain("Dear Ada</textarea>");
    expect(text(answer(refuse, sent))).not.toContain("Dear Ada");
  }
  const late = answer(ENDED, { method: "POST", headers: PEOPLE });
  expect(text(late)).toContain("nothing was saved or changed");
});

describe("a session that goes on", () => {
  const blocked = new Refuse(403, "action_blocked", { label: "Export", held: HELD });

  test("is told so to people, under its banner", () => {
    const found = answer(blocked, { headers: PEOPLE });
    expect(text(found)).toContain("<understudy-banner");
    expect(text(found)).toContain("still work as");
    expect(allOf(found, "set-cookie")).toEqual([]);
  });

  test.each([[new Map<string, string>()], [PEOPLE]])("says that it does", (headers) => {
    const found = answer(blocked, { headers });
    expect([found.status, allOf(found, "understudy-impersonation")]).toEqual([403, ["1"]]);
  });
});

test("an unreachable service is a 503 to try again, and a dropped report says nothing", () => {
  expect(allOf(answer(UNAVAILABLE), "retry-after")).toEqual(["1"]);
  const dropped = answer(new Refuse(204, "report_dropped"), { headers: PEOPLE });
  expect([dropped.status, dropped.body.length]).toEqual([204, 0]);
});
