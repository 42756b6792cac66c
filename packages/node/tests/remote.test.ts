/** The service over HTTP: what is asked, how it is asked, and what its answers become. */

import { describe, expect, it, vi } from "vitest";
import { MAX_ANSWER } from "../src/connections.ts";
import {
  InvalidInput,
  NotFound,
  NotSignedIn,
  OutcomeUnknown,
  Refused,
  SessionOver,
  SetupError,
  TokenInvalid,
  TooManyRequests,
  Unavailable,
} from "../src/core/errors.ts";
import { EndCause } from "../src/core/sessions.ts";
import { checkServiceUrl, REFRESH_SECONDS, RemoteGateway } from "../src/remote.ts";
import { Secret } from "../src/secret.ts";
import type { News } from "../src/values.ts";
import { ANSWER, anAction, OPENED, PRESENTED, TOKEN } from "./support/sample.ts";
import { answering, Service } from "./support/service.ts";

const ASK = {
  actor: { kind: "named_by_application", id: "kim", email: null, name: "Kim" },
  subjectId: "42",
  reason: "Cannot see the invoice",
  ticket: null,
  minutes: 20,
  scope: null,
};

describe("what is asked", () => {
  it("carries what a code is bound to", async () => {
    const service = await Service.start(answering(200, ANSWER));
    const opened = await service.gateway.exchange({
      ...PRESENTED,
      codeVerifier: new Secret("v".repeat(43)),
      redirectUri: "https://app.test/cb",
      attempt: new Secret("A"),
    });
    expect(opened).toEqual(OPENED);
    expect(service.heard[0]).toMatchObject({
      method: "POST",
      url: "/base/api/v1/impersonations/exchange",
    });
    expect(service.body).toEqual({
      impersonation_token: "usi_1",
      code_verifier: "v".repeat(43),
      redirect_uri: "https://app.test/cb",
      attempt: "A",
    });
  });

  it("brings what is revealed to guards that hide something, and this one hides nothing", async () => {
    const reveals = [{ kind: "field", match: "iban", path: "/", until: "2026-03-01T12:00:00Z" }];
    const restrictions = { ...ANSWER.restrictions, reveals };
    const service = await Service.start(answering(200, { ...ANSWER, restrictions }));
    expect(await service.gateway.refresh(TOKEN)).toEqual(OPENED);
  });

  it("is told which list of blocked actions is here, and does without what is not sent", async () => {
    const listed = { method: "POST", pattern: "/pay", label: "paying" };
    const blocking = (blocked_actions: unknown[], blocked_digest: string | null) => ({
      ...ANSWER,
      restrictions: { scope: "full", blocked_actions, blocked_digest },
    });
    const answers = [blocking([listed], "d1"), blocking([], "d1"), blocking([], "d2")];
    const service = await Service.start((response, request) =>
      answering(200, answers.shift())(response, request),
    );
    await service.gateway.refresh(TOKEN);
    const again = await service.gateway.exchange(PRESENTED);
    expect(again.session.restrictions.blockedActions).toEqual([listed]);
    // What we do not have is not taken for nothing.
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(Unavailable);
    const told = service.heard.map(({ headers }) => headers["understudy-holds"]);
    expect(told).toEqual([undefined, "d1", "d1"]);
  });

  it("names another wire, and leaves out what is not there", async () => {
    const service = await Service.start(answering(200, ANSWER));
    await service.gateway.exchange({ ...PRESENTED, wire: "clerk" });
    expect(service.body).toEqual({ impersonation_token: "usi_1", wire: "clerk" });
  });

  it("has the session token in the body only, and Basic credentials", async () => {
    const service = await Service.start(answering(200, ANSWER));
    await service.gateway.refresh(TOKEN);
    const [heard] = service.heard;
    expect(service.body).toEqual({ session_token: TOKEN.reveal() });
    expect(heard?.url).not.toContain(TOKEN.reveal());
    const credentials = heard?.headers.authorization?.replace("Basic ", "") ?? "";
    expect(Buffer.from(credentials, "base64").toString()).toBe("app_1:usk_secret");
  });

  it("asks in the name of an actor", async () => {
    const granted = { grant: { id: "grt_1", origin: null }, impersonation_token: "usi_2" };
    const service = await Service.start(answering(201, granted));
    const { grantId, token } = await service.gateway.request(ASK);
    expect([grantId, token.reveal()]).toEqual(["grt_1", "usi_2"]);
    expect(service.body).toEqual({
      actor: { id: "kim", name: "Kim" },
      subject_id: "42",
      reason: "Cannot see the invoice",
      minutes: 20,
      wire: "native",
    });
  });

  it("records under a key", async () => {
    const service = await Service.start(answering(200, {}));
    const action = anAction("a-1", { status: 200, durationMs: 3 });
    await service.gateway.record("ses_1", [action], "key-1");
    expect(service.heard[0]?.url).toBe("/base/api/v1/sessions/ses_1/actions");
    expect(service.heard[0]?.headers["idempotency-key"]).toBe("key-1");
    expect(service.body).toEqual({
      actions: [
        {
          id: "a-1",
          phase: "completed",
          at: "2026-03-01T12:00:00.000Z",
          method: "GET",
          path: "/",
          status: 200,
          duration_ms: 3,
        },
      ],
    });
  });

  it("keeps an odd session id within its segment of the path", async () => {
    const service = await Service.start(answering(200, {}));
    await service.gateway.end("../../x?y", EndCause.ENDED_BY_ACTOR);
    expect(service.heard[0]?.url).toBe("/base/api/v1/sessions/..%2F..%2Fx%3Fy/end");
  });
});

describe("an ending", () => {
  it.each([
    [200, { logged: true }, true],
    [202, { effective: true, logged: false }, false],
    [200, {}, true],
  ])("says with %i %j whether the log has it", async (status, body, logged) => {
    const service = await Service.start(answering(status, body));
    expect(await service.gateway.end("ses_1", EndCause.IDENTITY_NOT_APPLIED)).toBe(logged);
    expect(service.body).toEqual({ cause: "identity_not_applied" });
  });

  it.each([[{ logged: "yes" }], [[]], [{ logged: 1 }]])(
    "ended nothing when its answer is %j",
    async (odd) => {
      const service = await Service.start(answering(200, odd));
      const ended = service.gateway.end("ses_1", EndCause.ENDED_BY_ACTOR);
      await expect(ended).rejects.toThrow(Unavailable);
    },
  );

  it("is harmless for what the service does not know", async () => {
    const service = await Service.start(answering(404, { code: "not_found" }));
    expect(await service.gateway.end("ses_1", EndCause.ENDED_BY_ACTOR)).toBe(true);
  });

  it("has a cause that a service of before knows", async () => {
    const service = await Service.start(answering(422, { code: "invalid_input" }));
    const ended = service.gateway.end("ses_1", EndCause.REPLACED);
    await expect(ended).rejects.toThrow(InvalidInput);
    expect(service.heard.map(({ body }) => JSON.parse(body))).toEqual([
      { cause: "replaced" },
      { cause: "ended_by_actor" },
    ]);
  });

  it("is another call when it revokes", async () => {
    const answer = { id: "ses_1", end_cause: "revoked", logged: false };
    const service = await Service.start(answering(202, answer));
    expect(await service.gateway.end("ses_1", EndCause.REVOKED)).toBe(false);
    expect(service.heard[0]?.url).toBe("/base/api/v1/sessions/ses_1/revoke");
  });
});

describe("a refusal", () => {
  it.each([
    [401, "session_over", SessionOver],
    [401, "token_invalid", TokenInvalid],
    [401, "not_signed_in", NotSignedIn],
    [403, "refused", Refused],
    [404, "not_found", NotFound],
    [429, "too_many_requests", TooManyRequests],
    [503, "storage_busy", Unavailable],
    [401, "made_up", Unavailable],
    [301, "session_over", SessionOver],
  ])("with %i and %s is ours by its code", async (status, code, kind) => {
    const problem = { code, rule: "revoked", detail: "No." };
    const service = await Service.start(answering(status, problem, { location: "/elsewhere" }));
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(kind);
    expect(service.heard.map(({ url }) => url)).toEqual(["/base/api/v1/sessions/refresh"]);
  });

  it("of a session says why it is over, if that is known", async () => {
    const service = await Service.start(answering(401, { code: "session_over", rule: "revoked" }));
    const refused = await service.gateway.refresh(TOKEN).catch((error) => error);
    expect(refused.facts).toEqual({ cause: "revoked" });
  });

  it.each([
    ["a page of a proxy", "<html>Bad gateway</html>"],
    ["no JSON at all", ""],
    ["a member twice", '{"code":"x","code":"session_over"}'],
  ])("of %s is none of the service", async (_, body) => {
    const service = await Service.start(answering(502, body));
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(Unavailable);
  });
});

describe("what cannot be relied on", () => {
  it.each([
    ["another type", { ...ANSWER, log_index: "7" }],
    ["a time without a zone", { ...ANSWER, server_time: "2026-03-01T12:00:00" }],
    [
      "rules of redaction",
      {
        ...ANSWER,
        restrictions: {
          scope: "full",
          blocked_actions: [],
          redaction: { rules: [{ kind: "field", match: "iban", deed: "mask" }] },
        },
      },
    ],
    ["an unknown scope", { ...ANSWER, restrictions: { scope: "half", blocked_actions: [] } }],
    ["a list", [ANSWER]],
    ["nothing", null],
    ["a member twice", JSON.stringify(ANSWER).replace("{", '{"session_token":"uss_x",')],
    ["half of it", JSON.stringify(ANSWER).slice(0, -5)],
  ])("is an answer with %s", async (_, content) => {
    const service = await Service.start(answering(200, content));
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(Unavailable);
  });

  it("is a redirect, which nobody follows", async () => {
    const service = await Service.start(answering(307, ANSWER, { location: "/base/elsewhere" }));
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(Unavailable);
    expect(service.heard).toHaveLength(1);
  });

  it("is an answer without an end to its size", async () => {
    const service = await Service.start((response) => {
      response.writeHead(200).end(JSON.stringify(ANSWER).padEnd(MAX_ANSWER + 1));
    });
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(Unavailable);
  });

  it("is an answer that comes in drops, however many", async () => {
    let drops: NodeJS.Timeout | undefined;
    const service = await Service.start((response) => {
      response.writeHead(200);
      drops = setInterval(() => response.write(" "), 50);
    });
    const began = performance.now();
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(Unavailable);
    clearInterval(drops);
    expect(performance.now() - began).toBeLessThan(REFRESH_SECONDS * 1_000 + 500);
  });

  it("is a connection that breaks", async () => {
    const service = await Service.start((response) => response.destroy());
    await expect(service.gateway.refresh(TOKEN)).rejects.toThrow(Unavailable);
  });
});

describe("an exchange", () => {
  it.each([
    ["nothing was sent", null, Unavailable],
    ["the service says no", answering(503, { code: "storage_busy" }), Unavailable],
  ])("is known not to have been when %s", async (_, answer, kind) => {
    const service = await Service.start(answer ?? answering(200, ANSWER));
    if (answer === null) await new Promise((resolve) => service.server.close(resolve));
    const refused = await service.gateway.exchange(PRESENTED).catch((error) => error);
    expect(refused).toBeInstanceOf(kind);
    expect(refused).not.toBeInstanceOf(OutcomeUnknown);
  });

  it.each([
    ["the connection broke", (response: { destroy(): void }) => response.destroy()],
    ["a proxy answers", answering(504, "<html>")],
    ["the service does not know", answering(503, { code: "outcome_unknown" })],
  ])("may have been when %s, and is not sent again from here", async (_, answer) => {
    const service = await Service.start(answer);
    await expect(service.gateway.exchange(PRESENTED)).rejects.toThrow(OutcomeUnknown);
    expect(service.heard).toHaveLength(1);
  });

  it("opens a connection of its own, others are kept", async () => {
    const service = await Service.start(answering(200, ANSWER));
    await service.gateway.refresh(TOKEN);
    await service.gateway.refresh(TOKEN);
    await service.gateway.exchange(PRESENTED);
    await service.gateway.exchange(PRESENTED);
    const [first, second, third, fourth] = service.heard.map(({ port }) => port);
    expect(second).toBe(first);
    expect(new Set([second, third, fourth]).size).toBe(3);
  });

  it("is repeated at once on a new connection where a kept one was closed meanwhile", async () => {
    let first = true;
    const service = await Service.start((response, request) => {
      if (service.heard.length === 2) request.socket.destroy();
      else answering(200, ANSWER)(response, request);
      first = false;
    });
    await service.gateway.refresh(TOKEN);
    expect(await service.gateway.refresh(TOKEN)).toEqual(OPENED);
    expect([first, service.heard.length]).toEqual([false, 3]);
  });
});

describe("the stream", () => {
  const BEAT = 'event: heartbeat\ndata: {"index": 3}\n\n';
  const OVER =
    'id: 4\nevent: session\ndata: {"type":"session.revoked","session_id":"ses_1","cause":"revoked"}\n\n';

  async function news(service: Service, last: string | null = null): Promise<News[]> {
    const found: News[] = [];
    for await (const one of service.gateway.follow(last)) found.push(one);
    return found;
  }

  it("brings news until it ends, and resumes behind the last", async () => {
    const service = await Service.start((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(BEAT + OVER);
    });
    expect(await news(service, "2")).toEqual([
      { kind: "beat", index: 3 },
      { kind: "session_closed", sessionId: "ses_1", cause: "revoked", eventId: "4" },
    ]);
    expect(service.heard[0]?.headers).toMatchObject({
      accept: "text/event-stream",
      "last-event-id": "2",
    });
  });

  it.each([
    ["is refused", answering(401, { code: "not_signed_in" }), NotSignedIn],
    ["is redirected", answering(302, "", { location: "/elsewhere" }), Unavailable],
    ["breaks", (response: { destroy(): void }) => response.destroy(), Unavailable],
  ])("throws when it %s", async (_, answer, kind) => {
    const service = await Service.start(answer);
    await expect(news(service)).rejects.toThrow(kind);
  });

  it("ends when the gateway is closed under it", async () => {
    const service = await Service.start((response) => {
      response.writeHead(200).write(BEAT);
    });
    const stream = service.gateway.follow(null);
    expect((await stream.next()).value).toEqual({ kind: "beat", index: 3 });
    const ended = expect(stream.next()).rejects.toThrow(Unavailable);
    service.gateway.close();
    await ended;
  });
});

describe("the address of a service", () => {
  it.each([
    "ftp://x",
    "x",
    "https://",
    "https://u:p@host",
    "https://host?x",
    "https://host/#x",
    " https://host",
    "https://ho st",
    "https:\\\\host",
  ])("is refused as %s", (url) => {
    expect(() => checkServiceUrl(url)).toThrow(SetupError);
  });

  it("loses its slash at the end", () => {
    expect(checkServiceUrl("https://host/base/")).toBe("https://host/base");
  });

  it("warns of a secret in the clear, but not on this very machine", () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    checkServiceUrl("http://localhost:8700");
    checkServiceUrl("http://127.0.0.1:8700");
    expect(warned).not.toHaveBeenCalled();
    checkServiceUrl("http://understudy.internal");
    expect(warned.mock.calls[0]?.[1]).toBe("SecurityWarning");
    warned.mockRestore();
  });

  it("is told without the secret", () => {
    const gateway = new RemoteGateway("https://host", "app_1", new Secret("usk_secret"));
    expect(JSON.stringify(gateway)).not.toContain("usk_secret");
  });
});
