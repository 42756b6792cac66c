import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { problem, service } from "../test/service";
import { answer, client, done } from "./client";
import { learnServerTime, serverNow } from "./clock";
import { ApiProblem, isPassing, isSignedOut, problemFrom, Unreachable } from "./problem";
import type { Me, Session, StartImpersonation } from "./types";

describe("a call", () => {
  it("gives what the service answered, in the service's own types", async () => {
    service({ "GET /me": { id: "opr_1" } });
    const me = await answer(client.GET("/api/v1/me"));
    expect(me).toEqual({ id: "opr_1" });
    expectTypeOf(me).toEqualTypeOf<Me>();
  });

  it("becomes a problem when the service refuses", async () => {
    const detail = "Too many requests. Wait, then try again.";
    service({
      "GET /me": problem(429, { code: "too_many_requests", detail, retry_after_seconds: 9 }),
    });
    const error = await answer(client.GET("/api/v1/me")).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({
      status: 429,
      code: "too_many_requests",
      message: detail,
      retryAfterSeconds: 9,
      requestId: "req_1",
      rule: null,
    });
  });

  it("says so when nobody answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(done(client.POST("/api/v1/sign-out"))).rejects.toThrow(Unreachable);
  });

  it("reads the page of a proxy as a problem without facts", async () => {
    service({ "GET /me": new Response("<h1>502</h1>", { status: 502 }) });
    const error = await answer(client.GET("/api/v1/me")).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 502, code: "unknown" });
    expect(isPassing(error)).toBe(true);
  });
});

describe("a problem", () => {
  it("takes no field of the wrong type at its word", () => {
    const odd = problemFrom(403, { detail: 7, rule: {}, retry_after_seconds: "9", code: null });
    expect(odd).toMatchObject({ code: "unknown", rule: null, retryAfterSeconds: null });
  });

  it("means signed out only when the service says it of the operator", () => {
    expect(isSignedOut(problemFrom(401, { code: "not_signed_in" }))).toBe(true);
    expect(isSignedOut(problemFrom(401, { code: "token_invalid" }))).toBe(false);
    expect(isSignedOut(problemFrom(403, { code: "not_signed_in" }))).toBe(false);
  });
});

describe("the service's clock", () => {
  it("replaces one that is off by more than the header's whole seconds", () => {
    const now = Date.now();
    learnServerTime(new Date(now + 90_000).toUTCString(), now);
    expect(Math.abs(serverNow() - Date.now() - 90_000)).toBeLessThan(2_000);
    learnServerTime(new Date(now + 1_000).toUTCString(), now);
    expect(serverNow() - Date.now()).toBeLessThanOrEqual(0);
    learnServerTime(null, now);
    learnServerTime("yesterday", now);
    expect(serverNow() - Date.now()).toBeLessThanOrEqual(0);
  });
});

describe("the client's types", () => {
  it("know paths, bodies and answers", () => {
    // @ts-expect-error there is no such path
    void (() => client.GET("/api/v1/nothing"));
    // @ts-expect-error a request needs a reason
    expectTypeOf<{ subject_id: string }>().toExtend<StartImpersonation>();
    expectTypeOf<Session["end_cause"]>().toExtend<string | null>();
    // @ts-expect-error a session's end is a cause that the service knows
    expectTypeOf<"bored">().toExtend<Session["end_cause"]>();
  });
});
