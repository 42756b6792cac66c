import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PASS } from "../../src/guard.ts";
import { Passage } from "../../src/passage/passage.ts";
import { Reply } from "../../src/passage/reply.ts";
import type { Request } from "../../src/passage/request.ts";
import { Lazily, LoadUser, ReadBody, type Step, Wait } from "../../src/passage/steps.ts";
import type { FakeSession } from "../../src/testing/index.ts";
import { Answer } from "../../src/visit.ts";
import { text, told } from "../visiting.ts";
import { GuardedApp, requested } from "./opened.ts";

const FORM = new Map([
  ["accept", "text/html"],
  ["sec-fetch-dest", "document"],
  ["content-type", "application/x-www-form-urlencoded"],
]);
let app: GuardedApp;
let session: FakeSession;

beforeEach(() => {
  app = new GuardedApp();
  session = app.gateway.open({ subject: { id: "42" } });
});
afterEach(() => app.understudy.close());

type Opening = Generator<Step, unknown, unknown>;
const opening = (request: Request, loads = true): Opening =>
  app.passages({ loads }).opening(request);

/** What the opening comes to once its last step is answered. */
function finished(steps: Opening, came?: unknown): unknown {
  const last = steps.next(came);
  expect(last.done).toBe(true);
  return last.value;
}

function refusal(found: unknown): Answer {
  if (!(found instanceof Answer)) throw new Error("it is let in");
  return found;
}

test("a request without a session takes no step", () => {
  expect(finished(opening(requested(null)))).toBe(PASS);
});

describe("a known session", () => {
  beforeEach(() => app.know(session));

  test("takes the one step of its user", () => {
    const steps = opening(requested(session));
    expect(steps.next().value).toMatchObject({ subject: { id: "42" } });
    const passage = finished(steps, { id: 42 });
    expect(passage).toBeInstanceOf(Passage);
    expect((passage as Passage).present.impersonation.user).toEqual({ id: 42 });
  });

  test.each([null, undefined, { id: 7 }])("is ended where its user is %j", async (user) => {
    const steps = opening(requested(session, { method: "POST" }));
    expect(steps.next().value).toBeInstanceOf(LoadUser);
    const answer = refusal(finished(steps, user));
    expect(told(answer)).toMatchObject({ status: 401, cause: "identity_not_applied" });
    expect(await app.gateway.waitUntilEnded(session.id)).toBe("identity_not_applied");
    // Nothing was begun, so that the log does not say that it was about to be.
    const actions = await app.gateway.actions(session.id);
    expect(actions.map(({ phase }) => phase)).toEqual(["blocked"]);
  });

  test("whose user is found lazily is judged when that is found", async () => {
    const steps = opening(requested(session));
    const { value: step } = steps.next();
    const lazy = {};
    const passage = finished(steps, new Lazily(lazy)) as Passage;
    expect(passage.present.impersonation.user).toBe(lazy);
    expect(step instanceof LoadUser && step.found({ id: 42 })).toBe(true);
    expect(new Reply(passage).start(200, [])).toBeNull();
    expect(step instanceof LoadUser && step.found(null)).toBe(false);
    const answer = refusal(new Reply(passage).start(200, []));
    expect([answer.status, text(answer)]).toEqual([
      401,
      expect.stringContaining("identity_not_applied"),
    ]);
    expect(await app.gateway.waitUntilEnded(session.id)).toBe("identity_not_applied");
  });

  test("an unsafe action waits until the log has its intent", async () => {
    const steps = opening(requested(session, { method: "POST" }), false);
    const { value: step } = steps.next();
    if (!(step instanceof Wait)) throw new Error("it waits for nothing");
    await step.promise;
    expect(finished(steps, { value: undefined })).toBeInstanceOf(Passage);
    const actions = await app.gateway.actions(session.id);
    expect(actions.map(({ phase }) => phase)).toEqual(["intended"]);
  });

  test.each([
    ["takes too long", null],
    ["fails", { error: new Error("x") }],
  ])("an intent that %s lets nothing begin, and is told so", async (_, came) => {
    app.understudy.runtime().recorder.intend = vi.fn(() => new Promise<void>(() => undefined));
    const steps = opening(requested(session, { method: "POST" }), false);
    expect(steps.next().value).toBeInstanceOf(Wait);
    if (came === null) expect(refusal(finished(steps, came)).status).toBe(503);
    else expect(() => steps.next(came)).toThrow("x");
    const actions = await app.gateway.actions(session.id);
    expect(actions).toMatchObject([{ phase: "completed", status: 503 }]);
  });

  test("an intent that nobody waits for any more is told that nothing came of it", async () => {
    app.understudy.runtime().recorder.intend = vi.fn(() => new Promise<void>(() => undefined));
    const steps = opening(requested(session, { method: "POST" }), false);
    steps.next();
    steps.return(undefined);
    const actions = await app.gateway.actions(session.id);
    expect(actions).toMatchObject([{ phase: "completed", status: 503 }]);
  });

  test("an action of a session that is over does not begin", async () => {
    const steps = opening(requested(session, { method: "POST" }), false);
    await app.gateway.revoke(session.id);
    const { value: step } = steps.next();
    const error = await (step as Wait).promise.catch((failed: unknown) => failed);
    expect(told(refusal(finished(steps, { error })))).toMatchObject({
      code: "session_over",
      cause: "revoked",
    });
  });

  test.each(["full", "read_only"] as const)(
    "whoever goes away while their refused form is read takes nothing out of the log: %s",
    async (scope) => {
      const scoped = app.gateway.open({ scope });
      await app.know(scoped);
      const steps = opening(requested(scoped, { method: "POST", headers: FORM }));
      let { value: step } = steps.next();
      if (step instanceof LoadUser) step = steps.next(null).value;
      expect(step).toBeInstanceOf(ReadBody);
      steps.return(undefined);
      const actions = await app.gateway.actions(scoped.id);
      expect(actions.map(({ phase }) => phase)).toEqual(["blocked"]);
    },
  );
});

describe("a socket", () => {
  beforeEach(() => app.know(session));

  test.each([{}, { origin: "https://evil.example" }, { origin: "null" }])(
    "that is not the app's own is turned away before anything is done: %j",
    async (headers) => {
      const sent = { socket: true, headers: new Map(Object.entries(headers)) };
      const answer = refusal(finished(opening(requested(session, sent))));
      expect(told(answer)).toMatchObject({ status: 403, code: "origin_refused" });
      const actions = await app.gateway.actions(session.id);
      expect(actions.map(({ rule }) => rule)).toEqual(["origin_refused"]);
    },
  );

  test("of the app's own is told before it opens", () => {
    const headers = new Map([["origin", "https://app.example"]]);
    const steps = opening(requested(session, { socket: true, headers }), false);
    expect(steps.next().value).toBeInstanceOf(Wait);
    steps.return(undefined);
  });
});

describe("a session that this process does not know", () => {
  test("is asked for", async () => {
    expect(await app.passage(requested(session))).toBeInstanceOf(Passage);
  });

  test("is not served when nobody can tell, or not in time", () => {
    for (const came of [null, { error: new Error("unforeseen") }]) {
      const steps = opening(requested(session));
      expect(steps.next().value).toBeInstanceOf(Wait);
      if (came === null) expect(refusal(finished(steps, came)).status).toBe(503);
      else expect(() => steps.next(came)).toThrow("unforeseen");
    }
  });

  test("is not served when the service is out of reach", async () => {
    app.gateway.reachable = false;
    await expect(app.passage(requested(session))).rejects.toThrow("turned away");
  });
});

test("at the origin of a session that is over what was typed is given back", async () => {
  app = new GuardedApp({ sessionOrigins: "https://*.view.example" });
  const origin = `https://understudy-${"a".repeat(26)}.view.example`;
  const there = app.gateway.open({ origin });
  await app.gateway.revoke(there.id);
  // By then the cookie may be gone as well.
  for (const cookie of [there, null]) {
    const steps = opening(requested(cookie, { method: "POST", headers: FORM, origin }));
    let next = steps.next();
    while (next.value instanceof Wait) {
      next = steps.next({ value: await next.value.promise });
    }
    expect(next.value).toBeInstanceOf(ReadBody);
    const answer = refusal(finished(steps, Buffer.from("text=Dear+Ada&password=geheim")));
    expect([answer.status, text(answer)]).toEqual([
      410,
      expect.stringContaining("Dear Ada</textarea>"),
    ]);
    expect(text(answer)).not.toContain("geheim");
  }
});
