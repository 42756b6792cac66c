/** One blocked change that somebody else has allowed goes through, once, and the app reads it. */

import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { currentImpersonation, Present, presentRequest } from "../../src/context.ts";
import { OutcomeUnknown } from "../../src/core/errors.ts";
import { understudyHttp } from "../../src/http.ts";
import { FakeGateway, type OpenOptions } from "../../src/testing/index.ts";
import { unpacked } from "../../src/unlock/wire.ts";
import { type Answered, type AskedOf, serving } from "./serving.ts";

const FORM = "application/x-www-form-urlencoded";
const BODY = "plan=pro&csrfmiddlewaretoken=A";
const HEADERS = { "content-type": FORM, accept: "application/json" };

interface Asking extends AskedOf {
  readonly path?: string;
}

/** An app that reads what it is sent as late as it can, and whoever works in it. */
async function anApp(options: OpenOptions = {}) {
  const gateway = new FakeGateway();
  const read: string[] = [];
  const listener = async (request: IncomingMessage, response: NodeJS.WritableStream) => {
    const present = presentRequest();
    currentImpersonation();
    await new Promise((done) => setImmediate(done));
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      read.push(Buffer.concat(parts).toString());
      response.end(`unlocked ${present instanceof Present && present.unlocked}`);
    });
  };
  const ask = await serving(understudyHttp(gateway.understudy()).guarded(listener as never));
  const opened = () => gateway.open({ scope: "read_only", unlocks: true, ...options });
  const session = opened();
  const send = ({ path = "/orders", headers = HEADERS, ...sent }: Asking = {}, by = session) =>
    ask(path, { method: "POST", body: BODY, ...sent, headers: { ...by.headers, ...headers } });
  return { gateway, read, session, opened, send };
}

function offered(answer: Answered): string {
  return JSON.parse(answer.text).unlock?.write;
}

test("what was allowed goes through once, and the app reads it", async () => {
  const { gateway, read, session, send } = await anApp();
  const refused = await send();
  expect([refused.status, read]).toEqual([403, []]);
  expect(JSON.parse(refused.text)).toMatchObject({
    code: "read_only",
    unlock: { at: "/_understudy/unlock" },
  });
  gateway.allow(session.id, unpacked(offered(refused)));
  const done = await send({ body: "csrfmiddlewaretoken=B&plan=pro" });
  expect([done.status, done.text]).toEqual([200, "unlocked true"]);
  expect(read).toEqual(["csrfmiddlewaretoken=B&plan=pro"]);
  expect((await send()).status).toBe(403);
  const actions = await gateway.actions(session.id, { atLeast: 4 });
  // What is blocked is told within a second, and an intent at once.
  expect(actions.map(({ phase }) => phase).sort()).toEqual([
    "blocked",
    "blocked",
    "completed",
    "intended",
  ]);
});

test.each([
  ["in chunks", { body: ["plan=", "pro"] }],
  ["in chunks of nothing", { body: [] }],
  ["of nothing", { body: "", headers: { accept: "*/*" } }],
  ["as long as may be", { body: ["a=", "x".repeat(65_534)] }],
])("a body %s is bound, and is the app's", async (_, sent) => {
  const { gateway, read, session, send } = await anApp();
  gateway.allow(session.id, unpacked(offered(await send(sent))));
  expect((await send(sent)).status).toBe(200);
  expect(read).toEqual([[sent.body].flat().join("")]);
});

test("another change does not go through, and uses nothing up", async () => {
  const { gateway, read, session, send } = await anApp();
  gateway.allow(session.id, unpacked(offered(await send())));
  const others: readonly Asking[] = [
    { body: "plan=max" },
    { method: "PUT" },
    { path: "/orders/7" },
    { path: "/orders?force=1" },
    { headers: { ...HEADERS, "x-http-method-override": "DELETE" } },
    { headers: { ...HEADERS, "content-encoding": "gzip" } },
    { headers: { ...HEADERS, "content-type": "text/plain" } },
    { headers: { ...HEADERS, "content-type": [FORM, "text/plain"] } },
    { headers: { ...HEADERS, "if-match": '"2"' } },
    { body: ["a=", "x".repeat(65_535)] },
    { body: `a=${"x".repeat(65_535)}` },
  ];
  for (const other of others) expect((await send(other)).status, JSON.stringify(other)).toBe(403);
  expect(read).toEqual([]);
  expect((await send()).status).toBe(200);
});

test("what an If-Match means is bound, be there one or two", async () => {
  const { gateway, session, send } = await anApp();
  const matching = (...tags: string[]) => ({ headers: { ...HEADERS, "if-match": tags } });
  gateway.allow(session.id, unpacked(offered(await send(matching('"1"', '"2"')))));
  expect((await send(matching('"2"'))).status).toBe(403);
  expect((await send(matching('"3"', '"2"'))).status).toBe(403);
  expect((await send(matching('"1"', '"2"'))).status).toBe(200);
});

test("another session does not make it either", async () => {
  const { gateway, session, opened, send } = await anApp();
  gateway.allow(session.id, unpacked(offered(await send())));
  expect((await send({}, opened())).status).toBe(403);
});

test("what is blocked by name stays so", async () => {
  const blockedActions = [{ method: "*", pattern: "/orders", label: "orders" }];
  const { gateway, send } = await anApp({ blockedActions });
  expect(JSON.parse((await send()).text).code).toBe("action_blocked");
  expect(gateway.calls).not.toContain("spend");
});

test("where nobody can ask nobody is asked", async () => {
  const { gateway, send } = await anApp({ unlocks: false });
  const refused = JSON.parse((await send()).text);
  expect([refused.code, refused.unlock]).toEqual(["read_only", undefined]);
  expect(gateway.calls).not.toContain("spend");
});

test("a service that does not answer lets nothing through", async () => {
  const { gateway, read, session, send } = await anApp();
  gateway.allow(session.id, unpacked(offered(await send())));
  gateway.reachable = false;
  expect([(await send()).status, read]).toEqual([503, []]);
});

test("what may be spent or not lets nothing through either", async () => {
  const { gateway, read, send } = await anApp();
  gateway.spend = async () => {
    throw new OutcomeUnknown();
  };
  expect([(await send()).status, read]).toEqual([503, []]);
});

test("the fields in which it differs are named", async () => {
  const { gateway, send } = await anApp();
  gateway.spend = async () => ({ spent: false, differs: ["plan", "seats"] });
  const { detail } = JSON.parse((await send()).text);
  expect(detail).toContain("another change than the one that was allowed, by: plan, seats.");
});

test("a person gets the form that asks, and what they typed", async () => {
  const { session, send } = await anApp();
  const page = await send({ headers: { "content-type": FORM, accept: "text/html" } });
  expect(page.status).toBe(403);
  expect(page.text).toContain(`action="/_understudy/unlock?_understudy_page=${session.id}"`);
  const [, write = ""] = /name="write" value="([^"]+)"/.exec(page.text) ?? [];
  expect(unpacked(write).fields).toEqual([["plan", "pro"]]);
  expect(page.text).toContain("<textarea readonly");
});

test("a path that routers read in two ways cannot be asked for", async () => {
  const { send } = await anApp();
  const refused = await send({ path: "/orders%252F7" });
  expect([refused.status, offered(refused)]).toEqual([403, undefined]);
});
