/** What was made in a session is revoked once that is over, until it succeeds. */

import { afterEach, beforeEach, describe, expect, type Mock, test, vi } from "vitest";
import { currentImpersonation, Impersonation } from "../src/context.ts";
import { NotFound, Unavailable } from "../src/core/errors.ts";
import { EndCause } from "../src/core/sessions.ts";
import { understudyHttp } from "../src/http.ts";
import { FakeGateway } from "../src/testing/index.ts";
import { LONGEST_PAUSE, type Revoke, Undoing } from "../src/undoing.ts";
import type { Minted } from "../src/values.ts";
import { anOpened } from "./fixtures.ts";
import { serving } from "./http/serving.ts";
import { hearing } from "./support/heard.ts";
import { pass, withManualTimers } from "./support/timers.ts";

const heard = hearing();

describe("in an app", () => {
  let gateway: FakeGateway;
  let asked: Minted[];
  beforeEach(() => {
    gateway = new FakeGateway();
    asked = [];
  });

  /** An app that makes a key, and in which somebody has done so; how it is let go of. */
  async function aKey(understudy = gateway.understudy()) {
    const { guarded } = understudyHttp(understudy);
    const ask = await serving(
      guarded((_, response) => {
        currentImpersonation()?.minted("api_key", "key 7");
        response.end("made");
      }),
    );
    const session = gateway.open();
    const answer = await ask("/make", { method: "POST", headers: session.headers });
    expect(answer.text).toBe("made");
    await gateway.actions(session.id, { phase: "minted" });
    return session.id;
  }

  const revoke = (minted: Minted): void => {
    expect(currentImpersonation()).toBeNull();
    asked.push(minted);
  };

  test.each([EndCause.ENDED_BY_ACTOR, EndCause.REVOKED, EndCause.IDLE])(
    "it is revoked however the session ended: %s",
    async (cause) => {
      const understudy = gateway.understudy();
      understudy.onMinted(revoke);
      const sessionId = await aKey(understudy);
      await gateway.waitForFollowers();
      expect(await gateway.minted()).toEqual([]); // not while it goes on
      await gateway.revoke(sessionId, cause);
      const [undone] = await gateway.actions(sessionId, { phase: "undone" });
      const [minted] = await gateway.actions(sessionId, { phase: "minted" });
      expect(minted).toMatchObject({ path: "/make", kind: "api_key", reference: "key 7" });
      expect(undone).toMatchObject({ id: minted?.id, kind: "api_key" });
      expect(asked).toEqual([{ id: minted?.id, sessionId, kind: "api_key", reference: "key 7" }]);
      expect(await gateway.minted()).toEqual([]);
      await understudy.close();
    },
  );

  test("the next process takes up what one has left", async () => {
    const first = gateway.understudy();
    const sessionId = await aKey(first);
    await first.close();
    await gateway.revoke(sessionId);
    const second = gateway.understudy();
    second.onMinted(revoke);
    second.resume();
    await gateway.actions(sessionId, { phase: "undone" });
    expect(asked).toHaveLength(1);
    await second.close();
  });
});

describe("again and again", () => {
  withManualTimers();
  const KEY: Minted = { id: "a-1", sessionId: "ses_1", kind: "api_key", reference: "key 7" };

  /** A service that knows of `left`, and whether it is out of reach. */
  class Service extends FakeGateway {
    left: Minted[] = [KEY];
    looks = 0;
    fault: Error | null = null;
    recording: Error | null = null;

    override async minted(): Promise<readonly Minted[]> {
      this.looks += 1;
      if (this.fault !== null) throw this.fault;
      return this.left;
    }

    override async record(): Promise<void> {
      if (this.recording !== null) throw this.recording;
      this.left = [];
    }
  }

  let service: Service;
  let undoing: Undoing;
  let revoke: Mock<Revoke>;
  beforeEach(() => {
    service = new Service();
    revoke = vi.fn<Revoke>();
    const clock = () => new Date();
    undoing = new Undoing({ gateway: service, revoke, clock, newKey: () => "key" });
  });
  afterEach(() => undoing.stop());

  test("a hook that fails is asked until it succeeds, a minute later at most", async () => {
    revoke.mockRejectedValue(new Error("key 7 is locked"));
    void undoing.run();
    await pass(300);
    const tries = revoke.mock.calls.length;
    expect(tries).toBeGreaterThan(6);
    await pass(LONGEST_PAUSE);
    expect(revoke.mock.calls.length).toBeGreaterThan(tries);
    expect(JSON.stringify(heard)).not.toContain("key 7");
    revoke.mockResolvedValue(undefined);
    await pass(LONGEST_PAUSE);
    expect(service.left).toEqual([]);
  });

  test("what the service was not told of is told, and not done, once more", async () => {
    service.recording = new Unavailable();
    void undoing.run();
    await pass(20);
    service.recording = null;
    await pass(LONGEST_PAUSE);
    expect([service.left, revoke.mock.calls.length]).toEqual([[], 1]);
  });

  test("a service that cannot be asked is asked again, and whatever goes wrong", async () => {
    for (const fault of [new Unavailable(), new TypeError("x")]) {
      service.fault = fault;
      undoing.look();
      void undoing.run();
      await pass(10);
      expect(revoke).not.toHaveBeenCalled();
    }
    service.fault = null;
    await pass(LONGEST_PAUSE);
    expect(revoke).toHaveBeenCalled();
  });

  test("behind an end it looks twice more, as the last second may come late", async () => {
    service.left = [];
    void undoing.run();
    await pass(0.1);
    expect(service.looks).toBe(1);
    await pass(20);
    expect(service.looks).toBe(3);
    await pass(3_000);
    expect(service.looks).toBe(3);
    undoing.look();
    await pass(20);
    expect(service.looks).toBe(6);
  });
});

test.each([
  ["API key", "7"],
  ["key", ""],
  ["key", "x".repeat(201)],
  ["key", 7],
])("what is no mark is a mistake: %j %j", (kind, reference) => {
  const impersonation = Impersonation.of(anOpened().session);
  expect(() => impersonation.minted(kind, reference as string)).toThrow("A kind is a word");
});

test("a service of before knows of nothing", async () => {
  const { RemoteGateway } = await import("../src/remote.ts");
  const { Secret } = await import("../src/secret.ts");
  const gateway = new RemoteGateway("http://127.0.0.1:1", "app_1", new Secret("usk_1"));
  gateway.ask = async () => {
    throw new NotFound();
  };
  expect(await gateway.minted()).toEqual([]);
});
