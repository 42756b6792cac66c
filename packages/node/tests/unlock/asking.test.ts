/** How an actor asks for one blocked change: from the page that refused it, or by a script. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FakeSession } from "../../src/testing/index.ts";
import { packed } from "../../src/unlock/wire.ts";
import type { Answer, Headers } from "../../src/visit.ts";
import { PERSON, text, told, VisitedApp, type Visiting } from "../visiting.ts";

const REASON = "The customer asked for it on the phone";
const WRITE = {
  method: "POST",
  host: "app.test",
  path: "/plan",
  mediaType: "application/json",
  query: [],
  fields: [["plan", '"pro"']] as const,
};
const ASKED = { write: packed(WRITE), reason: REASON };
const OWN: Headers = [["sec-fetch-site", "same-origin"]];
const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";
const FORM_BODY = new URLSearchParams(ASKED).toString();

let app: VisitedApp;
let session: FakeSession;
beforeEach(() => {
  app = new VisitedApp();
  session = app.gateway.open({ scope: "read_only", unlocks: true });
});
afterEach(() => app.understudy.close());

interface Sent extends Visiting {
  readonly kind?: string;
}

function ask({ kind = JSON_TYPE, headers = OWN, ...sent }: Sent = {}): Promise<Answer> {
  return app.visit("POST", "unlock", {
    session,
    body: JSON.stringify(ASKED),
    ...sent,
    headers: [...headers, ["content-type", kind]],
  });
}

test("a script asks", async () => {
  const answer = await ask();
  expect([answer.status, told(answer).status]).toEqual([200, "asked"]);
  expect(app.gateway.askedUnlocks(session.id)).toEqual([[WRITE, REASON]]);
});

test("a person asks by the form of the page that refused", async () => {
  const query = `_understudy_page=${session.id}`;
  const headers: Headers = [...OWN, ...PERSON];
  const answer = await ask({ headers, kind: FORM, body: FORM_BODY, query });
  expect(answer.status).toBe(200);
  expect(text(answer)).toContain("You asked for this change");
  expect(app.gateway.askedUnlocks(session.id)).toEqual([[WRITE, REASON]]);
});

test.each([
  ["{", JSON_TYPE, 400],
  ["[]", JSON_TYPE, 400],
  ["null", JSON_TYPE, 400],
  ["{}", JSON_TYPE, 400],
  [JSON.stringify({ write: 1, reason: REASON }), JSON_TYPE, 400],
  [JSON.stringify({ write: ASKED.write, reason: 7 }), JSON_TYPE, 400],
  [JSON.stringify({ write: "no such thing", reason: REASON }), JSON_TYPE, 400],
  ["[".repeat(50_000), JSON_TYPE, 400],
  [" ".repeat(300_000), JSON_TYPE, 400],
  ["write=%ff", FORM, 400],
  ["write", FORM, 400],
  [JSON.stringify(ASKED), "text/plain", 415],
])("what cannot be read asks for nothing: %.30s", async (body, kind, status) => {
  expect((await ask({ body, kind })).status).toBe(status);
  expect(app.gateway.askedUnlocks(session.id)).toEqual([]);
});

test("another site asks for nothing", async () => {
  const answer = await ask({ headers: [["sec-fetch-site", "cross-site"]] });
  expect([answer.status, told(answer).code]).toEqual([403, "cross_site_refused"]);
  expect(app.gateway.askedUnlocks(session.id)).toEqual([]);
});

test.each([
  { query: "_understudy_page=ses_another" },
  { headers: [...OWN, ["understudy-page", "own"]] as Headers },
])("a page of another session asks for nothing: %j", async (sent) => {
  expect(told(await ask(sent)).code).toBe("page_of_another_session");
  expect(app.gateway.askedUnlocks(session.id)).toEqual([]);
});

test("whoever holds no session asks for nothing", async () => {
  const nobody = await app.visit("POST", "unlock", { headers: OWN });
  expect(told(nobody).code).toBe("session_over");
  await app.gateway.revoke(session.id);
  const answer = await ask();
  expect([answer.status, told(answer).code]).toEqual([401, "session_over"]);
  const page = await ask({ headers: [...OWN, ...PERSON], kind: FORM, body: FORM_BODY });
  expect(text(page)).toContain("This was not asked for");
});

test("a service that cannot be reached was not asked", async () => {
  expect((await ask()).status).toBe(200);
  app.gateway.reachable = false;
  const answer = await ask();
  expect([answer.status, told(answer).code]).toEqual([503, "unavailable"]);
});

test("what policies allow at once is said so", async () => {
  vi.spyOn(app.gateway, "askUnlock").mockResolvedValue({ id: "unl_1", status: "allowed" });
  const page = await ask({ headers: [...OWN, ...PERSON], kind: FORM, body: FORM_BODY });
  expect(text(page)).toContain("This change is allowed");
  expect(text(page)).toContain("<p>Send the form again");
});
