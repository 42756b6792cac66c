import { expect, test } from "vitest";
import { carriedOut } from "../src/passage/waiting.ts";
import { readStaff, SignInRequired, type Staff } from "../src/staff.ts";
import type { Answer, Headers } from "../src/visit.ts";
import { Visit } from "../src/visit.ts";
import { allOf, cookieOf, ORIGIN, PERSON, text, told, VisitedApp } from "./visiting.ts";

const EPOCH = "__Host-understudy-epoch";

const KIM = { id: "kim", email: "kim@app.test", name: "Kim" };
const WANTED = { subject_id: "42", reason: "Asked by phone about a bill" };
const OWN: Headers = [["sec-fetch-site", "same-origin"]];

function appOf(staff: Partial<Staff> = {}): VisitedApp {
  const app = new VisitedApp({
    staff: { staffOf: () => KIM, mayStart: null, homeOf: null, ...staff } as Staff,
  });
  app.gateway.user("42");
  return app;
}

function start(app: VisitedApp, more: Headers = OWN, wanted: object = WANTED): Promise<Answer> {
  const body = Buffer.from(JSON.stringify(wanted));
  const headers: Headers = [
    ["content-type", "application/json"],
    ["content-length", String(body.length)],
    ...more,
  ];
  const visit = new Visit({ method: "POST", origin: ORIGIN, base: "", headers });
  return carriedOut(app.routes.serving(visit, "/_understudy/start"), {
    readBody: async () => body,
  });
}

test("staff of the app begin a session in their own browser", async () => {
  const app = appOf({ homeOf: () => "/orders" });
  const started = await start(app);
  const [session] = app.gateway.sessions();
  expect(told(started)).toEqual({ started: true, session: session?.id, home: "/orders" });
  expect(session?.actor).toMatchObject({ id: "kim", kind: "named_by_application" });
  expect(allOf(started, "set-cookie")[0]).toContain("__Host-understudy=");
  const page = await start(app, [...OWN, ...PERSON], { ...WANTED, subject_id: "43" });
  expect(page.status).toBe(403);
});

test.each([
  ["nobody", () => null],
  ["no member", () => ({ name: "Kim" })],
  ["an id that hides something", () => ({ id: "kim\u200d" })],
  ["an error", () => Promise.reject(new Error("no database"))],
  [
    "what is thrown like a member",
    () => {
      throw KIM;
    },
  ],
])("%s starts nothing, and finds nothing", async (_, staffOf) => {
  const app = appOf({ staffOf: staffOf as Staff["staffOf"] });
  const refused = await start(app);
  expect([refused.status, told(refused).code]).toEqual([404, "not_found"]);
  expect(app.gateway.sessions()).toEqual([]);
});

test.each([
  [undefined, undefined],
  [null, undefined],
  [[], undefined],
  [
    ["leads", "billing", "leads"],
    ["billing", "leads"],
  ],
])("groups that are %o are asked for as %o", async (groups, asked) => {
  const app = appOf({ staffOf: () => ({ ...KIM, groups }) });
  const heard: unknown[] = [];
  const request = app.gateway.request.bind(app.gateway);
  app.gateway.request = (ask) => {
    heard.push(ask.actor.groups);
    return request(ask);
  };
  expect((await start(app)).status).toBe(200);
  expect(heard).toEqual([asked]);
});

test.each([
  ["billing"],
  [["Billing"]],
  [[7]],
  [{}],
  [Array.from({ length: 21 }, (_, n) => `g${n}`)],
])("whoever is said to be in %o starts nothing", async (groups) => {
  const app = appOf({ staffOf: () => ({ ...KIM, groups }) as never });
  expect((await start(app)).status).toBe(404);
  expect(app.gateway.sessions()).toEqual([]);
});

test("whoever is to sign in first is told where", async () => {
  const app = appOf({
    staffOf: () => {
      throw new SignInRequired("Once more, please.", { at: "/login" });
    },
  });
  expect(told(await start(app))).toMatchObject({ code: "not_signed_in", sign_in: "/login" });
  const page = await start(app, [...OWN, ...PERSON]);
  expect(allOf(page, "location")).toEqual(["/login"]);
});

test.each([[false], ["yes"], [1], [undefined]])("mayStart that gives %s is a no", async (given) => {
  const app = appOf({ mayStart: (() => given) as Staff["mayStart"] });
  expect(told(await start(app)).code).toBe("subject_unavailable");
  expect(app.gateway.sessions()).toEqual([]);
});

test("pages of others start nothing", async () => {
  const app = appOf();
  const evil = await start(app, [["sec-fetch-site", "cross-site"]]);
  expect(told(evil).code).toBe("cross_site_refused");
  const nested = await start(app, [...OWN, ["cookie", cookieOf(app.gateway.open())]]);
  expect(told(nested).code).toBe("nested");
  const unmarked = await start(app, [...OWN, ["cookie", `${EPOCH}=1`]]);
  expect(told(unmarked).code).toBe("page_unmarked");
  const ofAnother = await start(app, [...OWN, ["understudy-page", "ses_9"]]);
  expect(told(ofAnother).code).toBe("page_of_another_session");
});

test("of two presses of a button one starts", async () => {
  const app = appOf();
  const answers = await Promise.all([start(app), start(app)]);
  const codes = answers.map((answer) => told(answer).code);
  expect(codes).toEqual([undefined, "start_under_way"]);
  expect(app.gateway.sessions()).toHaveLength(1);
});

test("a person gets back what they typed", async () => {
  const app = appOf();
  app.gateway.reachable = false;
  const body = Buffer.from("subject_id=42&reason=A+long+story");
  const headers: Headers = [
    ["content-type", "application/x-www-form-urlencoded"],
    ["content-length", String(body.length)],
    ...OWN,
    ...PERSON,
  ];
  const visit = new Visit({ method: "POST", origin: ORIGIN, base: "", headers });
  const steps = app.routes.serving(visit, "/_understudy/start");
  const page = await carriedOut(steps, { readBody: async () => body });
  expect(page.status).toBe(503);
  expect(text(page)).toContain("A long story");
});

test("a session whose browser has gone is ended", async () => {
  const gone = new AbortController();
  const app = appOf({
    homeOf: () => {
      gone.abort();
      return "/";
    },
  });
  const body = Buffer.from(JSON.stringify(WANTED));
  const headers: Headers = [
    ["content-type", "application/json"],
    ["content-length", String(body.length)],
    ...OWN,
  ];
  const visit = new Visit({ method: "POST", origin: ORIGIN, base: "", headers });
  const steps = app.routes.serving(visit, "/_understudy/start");
  const driver = { readBody: async () => body, gone: gone.signal };
  await expect(carriedOut(steps, driver)).rejects.toThrow();
  const [session] = app.gateway.sessions();
  expect(await app.gateway.waitUntilEnded(session?.id ?? "")).toBe("ended_by_actor");
});

test("what hangs on staff is nothing without them", () => {
  expect(readStaff(null, null, null)).toBeNull();
  expect(() => readStaff(null, () => true, null)).toThrow("set staff, too");
});
