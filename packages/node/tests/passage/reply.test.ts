import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pinnedOf } from "../../src/askedBy.ts";
import { currentImpersonation, entered } from "../../src/context.ts";
import { forbidWhileImpersonating } from "../../src/forbidding.ts";
import type { RawHeaders } from "../../src/headers.ts";
import type { Passage } from "../../src/passage/passage.ts";
import { Reply } from "../../src/passage/reply.ts";
import { carriedOut } from "../../src/passage/waiting.ts";
import type { FakeSession } from "../../src/testing/index.ts";
import { Unrecorded } from "../../src/unrecorded.ts";
import { text } from "../visiting.ts";
import { GuardedApp, type Requesting, requested } from "./opened.ts";

const PAGE = "<!doctype html><html><head></head><body>hello</body></html>";
const HTML: [string, string] = ["content-type", "text/html"];
const PERSON = new Map([
  ["accept", "text/html"],
  ["sec-fetch-dest", "document"],
]);
let app: GuardedApp;
let session: FakeSession;

beforeEach(async () => {
  app = new GuardedApp();
  session = app.gateway.open();
  await app.know(session);
});
afterEach(() => app.understudy.close());

const passed = (requesting: Requesting = {}): Promise<Passage> =>
  app.passage(requested(session, { headers: PERSON, ...requesting }));

/** What goes out of an answer, whole. */
function sent(
  passage: Passage,
  status: number,
  headers: RawHeaders,
  ...parts: (string | Uint8Array)[]
) {
  const reply = new Reply(passage);
  const refusal = entered(passage.present, () => {
    currentImpersonation();
    return reply.start(status, headers);
  });
  const bodies = parts.map((part, at) =>
    reply.part(Buffer.from(part), { more: at < parts.length - 1 }),
  );
  reply.close();
  const body = Buffer.concat(bodies);
  return { refusal, headers: reply.headers, body, text: body.toString("latin1"), reply };
}

const header = (headers: RawHeaders, name: string) =>
  headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
const rules = async () => (await app.gateway.actions(session.id)).map(({ rule }) => rule);

describe("a page", () => {
  test("gets its banner and its mark, and tells its new length", async () => {
    const length: [string, string] = ["content-length", String(PAGE.length)];
    const out = sent(await passed(), 200, [HTML, length], PAGE);
    expect(out.text).toMatch(
      /^<!doctype html><html><head><script src="\/_understudy\/page\.js" data-page="ses_[^>]*><\/script><\/head><body><understudy-banner .*<script src="\/_understudy\/banner\.js" defer=""><\/script>hello/,
    );
    expect(header(out.headers, "content-length")).toEqual([String(out.body.length)]);
  });

  test("in many parts is held back no longer than until its place is known", async () => {
    const reply = new Reply(await passed());
    reply.start(200, [HTML]);
    expect(reply.part(Buffer.from("<html><head></head><bo"), { more: true }).length).toBe(0);
    expect(reply.waits).toBe(true);
    expect(reply.part(Buffer.from("dy>"), { more: true }).length).toBeGreaterThan(0);
    expect(reply.waits).toBe(false);
  });

  test("is kept by no cache, and loses what a cache would know it by", async () => {
    const kept: RawHeaders = [
      HTML,
      ["cache-control", "public, max-age=60"],
      ["etag", '"1"'],
      ["surrogate-control", "max-age=9"],
    ];
    const { headers } = sent(await passed(), 200, kept, PAGE);
    for (const name of ["cache-control", "cdn-cache-control", "surrogate-control"]) {
      expect(header(headers, name)).toEqual(["no-store"]);
    }
    expect(header(headers, "x-accel-expires")).toEqual(["0"]);
    expect(header(headers, "etag")).toEqual([]);
    expect(header(headers, "vary").join()).toContain("Cookie");
    expect(header(headers, "understudy-impersonation")).toEqual(["1"]);
  });

  test("gives its own nonce to both scripts, and nothing inline", async () => {
    const policy: [string, string] = [
      "content-security-policy",
      "script-src 'nonce-abc123'; style-src 'none'",
    ];
    const out = sent(await passed(), 200, [HTML, policy], PAGE);
    expect(out.text.match(/<script[^>]* nonce="abc123"[^>]*><\/script>/g)).toHaveLength(2);
    expect(out.text).not.toMatch(/<script[^>]*>[^<]|<style| style=| on[a-z]+=/);
    expect(header(out.headers, policy[0])).toEqual([policy[1]]);
  });

  test("whose policy lets no script of ours run says that nothing can be sent", async () => {
    const policy: [string, string] = ["content-security-policy", "script-src 'none'"];
    expect(sent(await passed(), 200, [HTML, policy], PAGE).text).toContain("data-unmarked=''");
  });

  test("shows what people are called as text", async () => {
    session = app.gateway.open({ subject: { name: "<img src=x onerror=alert(1)>" } });
    await app.know(session);
    const out = sent(await passed(), 200, [HTML], PAGE);
    expect(out.text).not.toContain("<img");
    expect(out.text).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });

  test("to a HEAD grows by nothing, and its length is not told where nobody knows it", async () => {
    const length: [string, string] = ["content-length", "1000"];
    const out = sent(await passed({ method: "HEAD" }), 200, [HTML, length], "");
    expect([out.text, header(out.headers, "content-length")]).toEqual(["", []]);
  });

  test("corrects whose pages the browser takes for live", async () => {
    const { headers } = sent(await passed(), 200, [HTML], PAGE);
    const cookies = header(headers, "set-cookie");
    expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual([
      "__Host-understudy-epoch",
      "understudy-page",
    ]);
  });
});

describe("what is no page goes on as it is", () => {
  test.each<[string, number, RawHeaders]>([
    ["json", 200, [["content-type", "application/json"]]],
    ["a download", 200, [HTML, ["content-disposition", "attachment"]]],
    ["a part", 206, [HTML]],
    ["a redirect", 302, [HTML]],
  ])("%s", async (_, status, headers) => {
    const out = sent(await passed(), status, headers, PAGE);
    expect(out.text).toBe(PAGE);
    expect(header(out.headers, "cache-control")).toEqual(["no-store"]);
  });

  test.each([204, 304])("an answer that has no body gets none: %i", async (status) => {
    const out = sent(await passed(), status, [HTML], "");
    expect([out.text, out.reply.waits]).toEqual(["", false]);
  });

  test("a body that is encoded, byte by byte", async () => {
    const zipped = gzipSync(PAGE);
    const length: [string, string] = ["content-length", String(zipped.length)];
    const out = sent(await passed(), 200, [HTML, ["content-encoding", "gzip"], length], zipped);
    expect(out.body.equals(zipped)).toBe(true);
    expect(header(out.headers, "content-length")).toEqual([length[1]]);
  });

  test("a page that a program asks for", async () => {
    const passage = await passed({ headers: new Map([["sec-fetch-dest", "empty"]]) });
    expect(sent(passage, 200, [HTML], PAGE).text).toBe(PAGE);
  });
});

test("the app is asked for what is not encoded, and for no answer of a cache", async () => {
  const passage = await passed();
  const asked: RawHeaders = [
    ["accept-encoding", "gzip, br"],
    ["if-none-match", '"1"'],
    ["authorization", "Bearer agent"],
    ["accept", "text/html"],
  ];
  expect(passage.crossing.toApp(asked)).toEqual([["accept", "text/html"]]);
});

describe("instead of the app's answer", () => {
  test("goes a refusal where the view is the user's own, whatever it answered", async () => {
    const passage = await passed();
    const view = forbidWhileImpersonating(() => PAGE);
    expect(() => entered(passage.present, view)).toThrow();
    const { refusal } = sent(passage, 500, [HTML], "Internal Server Error");
    expect([refusal?.status, text(refusal ?? passage.failed())]).toEqual([
      403,
      expect.stringContaining("Only the user themself may"),
    ]);
    expect(await rules()).toEqual(["forbidden_while_impersonating"]);
  });

  test("goes one where the app has failed at what was refused, and sent nothing", async () => {
    for (const spoil of [
      (passage: Passage) => {
        passage.present.forbidden = true;
      },
      (passage: Passage) => {
        passage.missing = true;
      },
    ]) {
      const passage = await passed();
      spoil(passage);
      expect(new Reply(passage).close({ failed: true })?.status).toBeOneOf([401, 403]);
    }
    expect(await rules()).toEqual(["forbidden_while_impersonating", "identity_not_applied"]);
  });

  test("goes one where the app has settled on somebody else, and the session is over", async () => {
    const passage = await passed();
    const refusal = new Reply(passage).start(200, [HTML], { id: "another" });
    expect(refusal?.status).toBe(401);
    expect(await app.gateway.waitUntilEnded(session.id)).toBe("identity_not_applied");
  });

  test("goes one where the session has ended while a view read", async () => {
    const reading = await passed();
    await app.gateway.revoke(session.id);
    app.understudy.runtime().cache.close(session.id, "revoked");
    expect(new Reply(reading).start(200, [HTML])?.status).toBe(401);
  });

  test("goes nothing where it has changed something: whoever sent it hears how that went", async () => {
    const changing = await passed({ method: "POST" });
    app.understudy.runtime().cache.close(session.id, "revoked");
    const reply = new Reply(changing);
    expect(reply.start(200, [["content-type", "text/plain"]])).toBeNull();
    const part = Buffer.from("saved");
    expect(reply.outlives(part, { more: true })).toBe(true);
    reply.part(part, { more: true });
    expect(reply.outlives(part, { more: true })).toBe(false);
    expect(reply.outlives(Buffer.from(""), { more: false })).toBe(true);
    reply.cut();
    expect(reply.cutBy).toBe("session_over");
  });

  test("goes an error where the app failed", async () => {
    const passage = await passed();
    const reply = new Reply(passage);
    expect(reply.close({ failed: true })).toBeNull();
    expect(passage.failed().status).toBe(500);
    expect(await app.gateway.actions(session.id)).toMatchObject([{ status: 500 }]);
  });
});

describe("the log is told", () => {
  test("once, and by which route", async () => {
    const passage = await passed();
    const reply = new Reply(passage);
    entered(passage.present, currentImpersonation);
    reply.start(200, [HTML]);
    reply.close({ route: "/orders/:id" });
    reply.close({ route: "/other", failed: true });
    expect(await app.gateway.actions(session.id)).toMatchObject([
      { phase: "completed", status: 200, route: "/orders/:id", rule: null },
    ]);
    await app.understudy.close();
    expect(await app.gateway.actions(session.id)).toHaveLength(1);
  });

  test("of a change whose app has never asked whom it serves", async () => {
    const passage = await passed({ method: "POST" });
    const reply = new Reply(passage);
    reply.start(200, []);
    reply.close();
    const actions = await app.gateway.actions(session.id, { atLeast: 2 });
    expect(actions.map(({ rule }) => rule)).toEqual([null, "identity_not_asked"]);
    expect([...app.understudy.runtime().unasked.counts().keys()]).toEqual(["POST /"]);
  });

  test("nothing of what is the same for everybody, unless it went wrong", async () => {
    const unrecorded = new Unrecorded(["/static/"]);
    const request = requested(session, { path: "/static/a.css" });
    for (const status of [200, 500]) {
      const passages = app.passages({ loads: false, unrecorded });
      const passage = (await carriedOut(passages.opening(request))) as Passage;
      const reply = new Reply(passage);
      reply.start(status, []);
      reply.close();
    }
    expect(await app.gateway.actions(session.id)).toMatchObject([{ status: 500 }]);
  });
});

test("whoever keeps the request can tell whether its session is over", async () => {
  const passage = await passed();
  const { impersonation, isOver } = passage.pinned();
  expect([impersonation.sessionId, isOver(), pinnedOf({})]).toEqual([session.id, false, null]);
  expect(await carriedOut(passage.looking())).toBe(true);
  app.understudy.runtime().cache.close(session.id, "revoked");
  expect([isOver(), await carriedOut(passage.looking())]).toEqual([true, false]);
});

test("an answer that nobody can vouch for any more does not go on", async () => {
  const passage = await passed();
  app.gateway.reachable = false;
  app.understudy.runtime().pulse.mistrust();
  expect(await carriedOut(passage.looking())).toBe(false);
});
