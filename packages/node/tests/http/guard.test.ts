import { EventEmitter, once } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { currentImpersonation } from "../../src/context.ts";
import { understudyExpress } from "../../src/express.ts";
import type { GuardOptions } from "../../src/http/guard.ts";
import { understudyHttp } from "../../src/http.ts";
import { FakeGateway } from "../../src/testing/index.ts";
import { serving } from "./serving.ts";

const EPOCH = "__Host-understudy-epoch";

const PAGE = { accept: "text/html" };
const HTML = { "Content-Type": "text/html" };
const BODY = "<html><head></head><body>Hello</body></html>";
const ORIGIN = `https://understudy-${"a".repeat(26)}.view.app.test`;

type Listener = Parameters<ReturnType<typeof understudyHttp>["guarded"]>[0];

async function guardedBy(
  listener: Listener,
  options: GuardOptions<IncomingMessage> = {},
  sessionOrigins?: string,
) {
  const gateway = new FakeGateway();
  const understudy = gateway.understudy(sessionOrigins === undefined ? {} : { sessionOrigins });
  const ask = await serving(understudyHttp(understudy, options).guarded(listener));
  return { gateway, ask };
}

test("an option that nobody knows is an error", () => {
  const understudy = new FakeGateway().understudy();
  const misspelled = { ownCookie: ["login"] } as GuardOptions<IncomingMessage>;
  expect(() => understudyHttp(understudy, misspelled)).toThrow("no option ownCookie");
  expect(() => understudyHttp(understudy, { epochHours: 1 })).toThrow("epochHours");
});

test("the app sees the subject, and neither our cookies nor the agent's own", async () => {
  const seen: unknown[] = [];
  const { gateway, ask } = await guardedBy(
    (request, response) => {
      const { headers, rawHeaders, headersDistinct } = request;
      seen.push(headers.cookie, headersDistinct.cookie, rawHeaders.join().includes("uss_"));
      seen.push(headers["remote-user"], headers["x-understudy-subject"], request.url);
      response.setHeader("Set-Cookie", ["login=theirs", "theme=dark"]);
      response.writeHead(200, { "X-Late": "1" });
      response.end(currentImpersonation()?.subject.id);
    },
    { ownCookies: ["login"] },
  );
  const session = gateway.open();
  const headers = {
    ...session.headers,
    cookie: `${session.headers.cookie}; login=agents; theme=light`,
    "x-understudy-subject": "root",
  };
  const answer = await ask("/a?b=1&_understudy_page=".concat(session.id), { headers });
  expect([answer.status, answer.text]).toEqual([200, "42"]);
  const cookie = `understudy_session=${session.id}; theme=light`;
  expect(seen).toEqual([cookie, [cookie], false, undefined, undefined, "/a?b=1"]);
  const [held = "", theme] = answer.headers["set-cookie"] ?? [];
  expect(held).toMatch(new RegExp(`^__Host-understudy\\.login=${session.id}\\.`));
  expect(held).not.toContain("theirs");
  expect([theme, answer.headers["x-late"]]).toEqual(["theme=dark", "1"]);
  expect(answer.headers["cache-control"]).toBe("no-store");
});

test("what nobody asked us about goes through as it is", async () => {
  const { ask } = await guardedBy((request, response) => {
    response.writeHead(200, { ETag: '"x"' });
    response.end(`${request.headers.cookie} ${request.headers["x-understudy-actor"]}`);
  });
  const plain = await ask("/", { headers: { cookie: "login=agents" } });
  expect([plain.text, plain.headers.etag]).toEqual(["login=agents undefined", '"x"']);
  const pretending = {
    cookie: "a=1; understudy_session=ses_1",
    "x-understudy-actor": "boss",
  };
  expect((await ask("/", { headers: pretending })).text).toBe("a=1 undefined");
});

test("pages of the agent's own are marked while the browser is known", async () => {
  const { ask } = await guardedBy((_, response) => {
    response.writeHead(200, HTML);
    response.end(BODY);
  });
  const headers = { ...PAGE, cookie: `${EPOCH}=1` };
  const page = await ask("/", { headers });
  expect(page.text).toContain('data-page="own"');
  expect(page.headers["cache-control"]).toBe("no-store");
  expect((await ask("/", { headers, method: "POST" })).status).toBe(409);
});

test("at a session's origin all cookies are its own, and nothing else answers there", async () => {
  const { gateway, ask } = await guardedBy(
    (request, response) => {
      response.setHeader("Set-Cookie", "login=theirs; Domain=app.test");
      response.end(`${request.headers.host} ${request.headers.cookie}`);
    },
    { presentHost: "https://app.test" },
    "https://*.view.app.test",
  );
  const host = ORIGIN.slice("https://".length);
  const session = gateway.open({ origin: ORIGIN });
  const cookie = `${session.headers.cookie}; login=agents`;
  const answer = await ask("/", { headers: { host, cookie } });
  expect(answer.text).toBe(`app.test understudy_session=${session.id}`);
  expect(answer.headers["set-cookie"]?.join()).not.toMatch(/Domain|login=theirs; Domain/);
  expect((await ask("/", { headers: { host, cookie: "login=agents" } })).status).toBe(410);
  expect((await ask("/", { headers: { host: "x.view.app.test" } })).status).toBe(404);
  // The session of an origin is none on the app's own host.
  expect((await ask("/", { headers: { cookie } })).status).toBe(403);
});

test("a user who is not the subject gets nothing of the app", async () => {
  let calls = 0;
  const { gateway, ask } = await guardedBy(
    (_, response) => {
      calls += 1;
      response.end();
    },
    { loadUser: () => ({ id: "43" }) },
  );
  const session = gateway.open();
  expect((await ask("/", session)).status).toBe(401);
  expect([calls, await gateway.waitUntilEnded(session.id)]).toEqual([0, "identity_not_applied"]);
});

test("a head is decided once, and told apart from what is held back", async () => {
  const said: unknown[] = [];
  const { gateway, ask } = await guardedBy((_, response) => {
    response.writeHead(200, { ...HTML, "Content-Length": BODY.length });
    said.push(response.headersSent);
    for (const late of [
      () => response.setHeader("A", "1"),
      () => response.removeHeader("A"),
      () => response.writeHead(500, {}),
    ]) {
      try {
        late();
      } catch (error) {
        said.push((error as NodeJS.ErrnoException).code);
      }
    }
    // As compression asks for it, which finds no head where Node keeps its own.
    response.writeHead(200);
    response.end(BODY, () => said.push("done"));
  });
  const session = gateway.open();
  const page = await ask("/", { headers: { ...session.headers, ...PAGE } });
  expect(page.text).toContain("<understudy-banner");
  expect(Number(page.headers["content-length"])).toBe(Buffer.byteLength(page.text));
  const sent = "ERR_HTTP_HEADERS_SENT";
  expect(said).toEqual([true, sent, sent, sent, "done"]);
});

test("an answer that goes on ends with its session, and not as if it were whole", async () => {
  const events = new EventEmitter();
  const begun = once(events, "begun");
  const { gateway, ask } = await guardedBy((_, response) => {
    response.write("first", () => events.emit("begun"));
  });
  const session = gateway.open();
  const answer = ask("/", session);
  await begun;
  await gateway.revoke(session.id);
  expect(await answer).toMatchObject({ text: "first", whole: false });
  const [action] = await gateway.actions(session.id);
  expect([action?.status, action?.rule]).toEqual([200, "session_over"]);
});

test("a failing listener is answered for, and nobody's cache keeps it", async () => {
  const failures: unknown[] = [];
  const gateway = new FakeGateway();
  const { guarded } = understudyHttp(gateway.understudy());
  const listener = guarded(() => {
    throw new Error("boom");
  }) as (...given: unknown[]) => Promise<void>;
  const ask = await serving((request, response) => {
    listener(request, response).catch((error) => failures.push(error.message));
  });
  const answer = await ask("/", gateway.open());
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([500, "app_failed"]);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(failures).toEqual(["boom"]);
});

test("Express says so where something has read the agent's cookies before us", async () => {
  const gateway = new FakeGateway();
  const middleware = understudyExpress(gateway.understudy());
  const ask = await serving((request, response) => {
    Object.assign(request, {
      session: {},
      baseUrl: "",
      originalUrl: request.url,
      protocol: "http",
    });
    middleware(request, response, (error) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end(error instanceof Error ? error.message : "served");
    });
  });
  expect((await ask("/")).text).toBe("served");
  const answer = await ask("/", gateway.open());
  expect([answer.status, answer.text]).toEqual([500, expect.stringContaining("req.session")]);
});

test("a session that may only read asks what is declared to read, and nothing else", async () => {
  const reached: unknown[] = [];
  const { gateway, ask } = await guardedBy(
    (request, response) => {
      reached.push(request.url);
      response.end("found");
    },
    { reads: ["POST /search"] },
  );
  const { headers } = gateway.open({ scope: "read_only" });
  const statuses = [];
  for (const path of [
    "/search",
    "/search/",
    "/SEARCH",
    "/%73earch",
    "/orders",
    "/search?_method=PUT",
  ]) {
    statuses.push((await ask(path, { method: "POST", headers })).status);
  }
  expect([statuses, reached]).toEqual([[200, 403, 403, 403, 403, 403], ["/search"]]);
});
