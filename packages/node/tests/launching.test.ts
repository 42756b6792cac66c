import { expect, test } from "vitest";
import type { FakeSession } from "../src/testing/index.ts";
import { allOf, cookieOf, ORIGIN, PERSON, text, VisitedApp } from "./visiting.ts";

const ISS = "iss=https%3A%2F%2Funderstudy.test";

/** Launched as by the dashboard; what the browser brings to the callback. */
async function launched(app: VisitedApp, session: FakeSession) {
  const { grantId } = app.gateway.session(session.id);
  const begun = await app.visit("GET", "launch", {
    query: `${ISS}&login_hint=${grantId}`,
    headers: PERSON,
  });
  expect(begun.status).toBe(303);
  const asked = new URL(allOf(begun, "location")[0] ?? "").searchParams;
  const [cookie = ""] = (allOf(begun, "set-cookie")[0] ?? "").split(";");
  return { cookie, state: asked.get("state") ?? "", redirectUri: asked.get("redirect_uri") };
}

test("a launch leads through the service into a session", async () => {
  const app = new VisitedApp();
  const session = app.gateway.open();
  const { cookie, state, redirectUri } = await launched(app, session);
  expect(redirectUri).toBe(`${ORIGIN}/_understudy/callback`);
  const other = await app.visit("GET", "callback", {
    query: `${ISS}&state=${state}&code=abc`,
    headers: PERSON,
  });
  expect([other.status, text(other)]).toEqual([
    400,
    expect.stringContaining("not begun in this browser"),
  ]);
  const wrong = await app.visit("GET", "callback", {
    query: `${ISS}&state=${state}&code=abc`,
    headers: [...PERSON, ["cookie", cookie]],
  });
  expect(wrong.status).toBe(401);
});

test("a token in the address is taken where the app asks for it, and by a person alone", async () => {
  const query = (token: string) => `stytch_token_type=impersonation&token=${token}`;
  const plain = new VisitedApp();
  const refused = await plain.visit("GET", "callback", { query: query("abc"), headers: PERSON });
  expect(text(refused)).toContain("does not take sessions in this way");
  const app = new VisitedApp({ handOffs: ["code", "stytch"] });
  const session = app.gateway.open();
  const token = app.gateway.offer(session, { wire: "stytch", returnTo: "/orders" });
  const inAdvance = [["sec-purpose", "prefetch"], ...PERSON] as const;
  const fetched = await app.visit("GET", "callback", { query: query(token), headers: inAdvance });
  expect(fetched.status).toBe(400);
  const begun = await app.visit("GET", "callback", { query: query(token), headers: PERSON });
  expect(allOf(begun, "location")).toEqual(["/orders"]);
  expect(allOf(begun, "set-cookie")[0]).toContain(`${cookieOf(session)};`);
  expect(allOf(begun, "clear-site-data")).toEqual(['"cache"']);
  expect(() => new VisitedApp({ handOffs: ["magic"] })).toThrow("handOffs");
});

test("a session of another origin does not begin here", async () => {
  const app = new VisitedApp({ handOffs: ["clerk"] });
  const session = app.gateway.open({ origin: "https://elsewhere.test" });
  const token = app.gateway.offer(session, { wire: "clerk" });
  const page = await app.visit("GET", "callback", {
    query: `__clerk_ticket=${token}`,
    headers: PERSON,
  });
  expect(page.status).toBe(403);
  expect(allOf(page, "set-cookie").join()).not.toContain("uss_");
  expect(await app.gateway.waitUntilEnded(session.id)).toBe("ended_by_actor");
});

test("a launch goes on in the session that the browser holds", async () => {
  const app = new VisitedApp();
  const session = app.gateway.open();
  const { grantId } = app.gateway.session(session.id);
  const query = `${ISS}&login_hint=${grantId}`;
  const again = await app.visit("GET", "launch", { query, session, headers: PERSON });
  expect(allOf(again, "location")).toEqual(["/home"]);
  const another = `${ISS}&login_hint=grt_other`;
  const begun = await app.visit("GET", "launch", { query: another, session, headers: PERSON });
  expect(allOf(begun, "location")[0]).toContain("/oauth2/authorize?");
});

test("a new session ends the one that the browser held", async () => {
  const app = new VisitedApp({ handOffs: ["stytch"] });
  const older = app.gateway.open();
  const token = app.gateway.offer(app.gateway.open(), { wire: "stytch" });
  const query = `stytch_token_type=impersonation&token=${token}`;
  await app.visit("GET", "callback", { query, session: older, headers: PERSON });
  expect(await app.gateway.waitUntilEnded(older.id)).toBe("replaced");
});

test("the status names people, and neither reason nor ticket", async () => {
  const app = new VisitedApp();
  const session = app.gateway.open({ reason: "A secret reason", ticket: "T-9" });
  const status = text(await app.visit("GET", "status", { session }));
  expect(JSON.parse(status)).toMatchObject({ impersonating: true, session: session.id });
  expect(status).not.toMatch(/secret reason|T-9|uss_/);
  expect(text(await app.visit("GET", "status"))).toBe('{"impersonating":false}');
});
