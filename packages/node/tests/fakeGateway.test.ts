/** The fake service is one to an app: it answers as the real one does. */

import { describe, expect, it } from "vitest";
import type { Ask } from "../src/asks.ts";
import {
  IdempotencyConflict,
  NotFound,
  SessionOver,
  TokenInvalid,
  Unavailable,
} from "../src/core/errors.ts";
import { partKey } from "../src/partKeys.ts";
import { Secret } from "../src/secret.ts";
import { FakeGateway, type OfferOptions } from "../src/testing/index.ts";
import type { Presented } from "../src/values.ts";
import { anAction, BEGIN, PRESENTED } from "./support/sample.ts";

const ASK: Ask = {
  actor: { kind: "named_by_application", id: "kim", email: "kim@app.test", name: "Kim" },
  subjectId: "42",
  reason: " Cannot see the invoice ",
  ticket: " T-1 ",
  minutes: 20,
  scope: "read_only",
};

function timed() {
  let now = BEGIN;
  const gateway = new FakeGateway({ clock: () => now });
  const forward = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };
  return { gateway, forward };
}

function offered(gateway: FakeGateway, options: OfferOptions = {}): Presented {
  return { ...PRESENTED, token: new Secret(gateway.offer(gateway.open(), options)) };
}

describe("a session", () => {
  it("has limits that actions put off and never its end", async () => {
    const { gateway, forward } = timed();
    const session = gateway.open({ minutes: 20 });
    forward(9);
    await gateway.record(session.id, [anAction("a")], "key");
    expect((await gateway.refresh(new Secret(session.token))).idleRemaining).toBe(600);
    forward(9);
    await gateway.record(session.id, [anAction("b")], "key-2");
    expect((await gateway.refresh(new Secret(session.token))).idleRemaining).toBe(120);
    forward(2);
    const refused = await gateway.refresh(new Secret(session.token)).catch((error) => error);
    expect(refused.facts).toEqual({ cause: "time_limit" });
    expect(await gateway.waitUntilEnded(session.id)).toBe("time_limit");
  });

  it("has the headers of its own pages", () => {
    const session = new FakeGateway().open();
    expect(session.headers).toEqual({
      cookie: `__Host-understudy=${session.token}`,
      "understudy-page": session.id,
    });
  });

  it("is over for the cause that a test names, and takes no intent any more", async () => {
    const gateway = new FakeGateway();
    const session = gateway.open();
    await gateway.revoke(session.id, "subject_protected");
    await gateway.revoke(session.id, "idle");
    expect(gateway.ended(session.id)).toBe("subject_protected");
    const intent = anAction("a", { phase: "intended" });
    await expect(gateway.record(session.id, [intent], "1")).rejects.toThrow(SessionOver);
    await gateway.record(session.id, [anAction("b")], "2");
    expect(await gateway.actions(session.id)).toHaveLength(1);
    await expect(gateway.record("ses_none", [intent], "3")).rejects.toThrow(NotFound);
  });
});

describe("a token", () => {
  it("is exchanged once, and a second use ends the session", async () => {
    const gateway = new FakeGateway();
    const presented = offered(gateway, { returnTo: "/orders" });
    const opened = await gateway.exchange(presented);
    expect(opened.returnTo).toBe("/orders");
    await expect(gateway.exchange(presented)).rejects.toThrow(TokenInvalid);
    expect(gateway.ended(opened.session.id)).toBe("token_replayed");
  });

  it("gives the same attempt the same session for a minute", async () => {
    const { gateway, forward } = timed();
    const presented = { ...offered(gateway), attempt: new Secret("A") };
    const opened = await gateway.exchange(presented);
    forward(0.9);
    expect((await gateway.exchange(presented)).session.id).toBe(opened.session.id);
    forward(0.1);
    await expect(gateway.exchange(presented)).rejects.toThrow(TokenInvalid);
  });

  it("is not used up by another wire, and is by a wrong verifier", async () => {
    const gateway = new FakeGateway();
    const ofWire = offered(gateway, { wire: "stytch" });
    await expect(gateway.exchange(ofWire)).rejects.toThrow(TokenInvalid);
    expect(await gateway.exchange({ ...ofWire, wire: "stytch" })).toBeDefined();
    const code = offered(gateway, { codeVerifier: "v", redirectUri: "/cb" });
    const bound = { ...code, codeVerifier: new Secret("v"), redirectUri: "/cb" };
    const stolen = { ...bound, codeVerifier: new Secret("w") };
    await expect(gateway.exchange(stolen)).rejects.toThrow(TokenInvalid);
    await expect(gateway.exchange(bound)).rejects.toThrow(TokenInvalid);
  });

  it("lives for a minute", async () => {
    const { gateway, forward } = timed();
    const presented = offered(gateway);
    forward(1);
    await expect(gateway.exchange(presented)).rejects.toThrow(TokenInvalid);
  });
});

describe("what staff ask for", () => {
  it("becomes a session in their name", async () => {
    const gateway = new FakeGateway();
    const { token } = await gateway.request(ASK);
    const { session, remaining } = await gateway.exchange({ ...PRESENTED, token });
    expect(session).toMatchObject({
      actor: ASK.actor,
      subject: { id: "42" },
      reason: "Cannot see the invoice",
      ticket: "T-1",
      restrictions: { scope: "read_only" },
    });
    expect(Math.round(remaining)).toBe(1_200);
  });

  it.each([
    [{ subjectId: "nobody" }, "subject_unknown"],
    [{ subjectId: "vip" }, "subject_protected"],
    [{ subjectId: "boss" }, "subject_outranks"],
    [{ subjectId: "gone" }, "subject_inactive"],
    [{ actor: { ...ASK.actor, id: "42" } }, "subject_is_actor"],
    [{ actor: { ...ASK.actor, email: "ADA@customer.test" } }, "subject_is_actor"],
    [{ reason: "  " }, "reason_missing"],
    [{ reason: "too short" }, "reason_too_short"],
    [{ reason: "x".repeat(1_001) }, "reason_too_long"],
    [{ reason: "Cannot see\x07the invoice" }, "reason_not_text"],
    [{ ticket: "x".repeat(201) }, "ticket_too_long"],
    [{ minutes: 0 }, "minutes_out_of_range"],
    [{ minutes: 61 }, "minutes_out_of_range"],
  ])("is judged by the rules: %j is %s", async (changes, rule) => {
    const gateway = new FakeGateway();
    gateway.user("42", { email: "ada@customer.test" });
    gateway.user("vip", { isProtected: true });
    gateway.user("boss", { roles: ["owner"] });
    gateway.user("gone", { isDisabled: true });
    await expect(gateway.request({ ...ASK, ...changes })).rejects.toMatchObject({ rule });
  });

  it("is not for a user as whom somebody works", async () => {
    const gateway = new FakeGateway();
    gateway.open({ subject: { id: "kim" } });
    await expect(gateway.request(ASK)).rejects.toMatchObject({ rule: "nested" });
  });
});

describe("a batch", () => {
  it("is recorded once under its key, and so is a part of it", async () => {
    const gateway = new FakeGateway();
    const { id } = gateway.open();
    const [one, other] = [anAction("a"), anAction("b")];
    await gateway.record(id, [one, other], "key");
    await gateway.record(id, [one, other], "key");
    await gateway.record(id, [one], partKey("key", 0));
    expect(await gateway.actions(id, { atLeast: 2 })).toHaveLength(2);
    await expect(gateway.record(id, [one], "key")).rejects.toThrow(IdempotencyConflict);
  });
});

describe("a gateway that is away", () => {
  it("refuses everything, and news where there are none", async () => {
    const gateway = new FakeGateway();
    const session = gateway.open();
    gateway.streaming = false;
    await expect(gateway.follow().next()).rejects.toThrow(Unavailable);
    gateway.reachable = false;
    await expect(gateway.refresh(new Secret(session.token))).rejects.toThrow(Unavailable);
    await expect(gateway.end(session.id, "idle")).rejects.toThrow(Unavailable);
    expect(gateway.calls).toEqual(["follow", "refresh", "end"]);
  });
});
