/** What is recorded arrives: in order, in batches, once, and whatever happens in between. */

import { describe, expect, it } from "vitest";
import { Calls } from "../src/calls.ts";
import * as errors from "../src/core/errors.ts";
import { EndCause } from "../src/core/sessions.ts";
import { MAX_BATCH, MAX_OF_SESSION, Outbox } from "../src/outbox.ts";
import { KEPT_SECONDS, Recorder } from "../src/recorder.ts";
import { Secret } from "../src/secret.ts";
import { FakeGateway } from "../src/testing/index.ts";
import { printActions } from "../src/wire.ts";
import { hearing } from "./support/heard.ts";
import { Ledger, times } from "./support/ledger.ts";
import { anAction, ManualTime } from "./support/sample.ts";
import { during, pass, withManualTimers } from "./support/timers.ts";

withManualTimers();
const heard = hearing();

function recorderTo(gateway: FakeGateway, time = new ManualTime()): Recorder {
  let number = 0;
  return new Recorder({
    gateway,
    calls: new Calls(),
    newKey: () => `key-${++number}`,
    monotonic: time.monotonic,
    state: null,
  });
}

async function closed(recorder: Recorder, seconds = 5): Promise<void> {
  await during(seconds, recorder.close(seconds));
}

const KEPT = [
  new errors.NotSignedIn(),
  new errors.PermissionMissing(),
  new errors.Conflict(),
  new errors.AlreadyExists(),
  new errors.TooManyRequests(),
  new errors.StorageFull(),
  new errors.Unavailable(null, { facts: { status: 404 } }),
];

describe("actions", () => {
  it("go out together and in order, within a second, in a batch for each session", async () => {
    const ledger = new Ledger();
    const recorder = recorderTo(ledger);
    recorder.add("s1", anAction("a"));
    await pass(0.1);
    recorder.add("s2", anAction("b"));
    recorder.add("s1", anAction("c"));
    expect(ledger.batches).toEqual([]);
    await pass(0.9);
    expect(ledger.batches).toEqual([
      ["s1", ["a", "c"], "key-1"],
      ["s2", ["b"], "key-2"],
    ]);
  });

  it("of another session wait for none that fails", async () => {
    const refusal = new errors.TooManyRequests();
    const ledger = new Ledger();
    ledger.picky = { path: "/bad", refusal };
    const recorder = recorderTo(ledger);
    recorder.add("s1", anAction("a", { path: "/bad" }));
    await pass(3);
    ledger.batches.length = 0;
    recorder.add("s2", anAction("b"));
    await pass(1);
    expect(ledger.batches).toContainEqual(["s2", ["b"], expect.anything()]);
    ledger.picky = null;
    await closed(recorder);
    expect(ledger.taken.map(({ id }) => id)).toEqual(["b", "a"]);
  });

  it("never make a batch larger than the service takes", async () => {
    const ledger = new Ledger();
    const recorder = recorderTo(ledger);
    const long = { path: '/"'.repeat(1_000), route: "😀".repeat(500), userAgent: "😀".repeat(500) };
    const sizes: number[] = [];
    ledger.record = async (_, actions) => void sizes.push(printActions(actions).length);
    for (let number = 0; number < 2 * MAX_BATCH; number += 1) {
      recorder.add("s1", anAction(`a${number}`, number < MAX_BATCH ? long : {}));
    }
    await closed(recorder);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(512 * 1024);
    expect(sizes.length).toBeGreaterThan(2);
  });

  it("are repeated under the same key until they are taken, others first", async () => {
    const ledger = new Ledger(new errors.Unavailable());
    const recorder = recorderTo(ledger);
    recorder.add("s1", anAction("a"));
    recorder.add("s2", anAction("b"));
    await closed(recorder);
    expect(ledger.batches).toEqual([
      ["s1", ["a"], "key-1"],
      ["s2", ["b"], "key-2"],
      ["s1", ["a"], "key-1"],
    ]);
  });

  it.each([new errors.SessionOver(), new errors.TokenInvalid(), new errors.NotFound()])(
    "are finished by %s, and the loss is said",
    async (over) => {
      const ledger = new Ledger(over);
      const recorder = recorderTo(ledger);
      recorder.add("s1", anAction("a"));
      await closed(recorder);
      expect(ledger.batches).toHaveLength(1);
      expect(heard).toMatchObject([{ code: over.code, lost: 1 }]);
    },
  );

  it.each(KEPT)("survive %s", async (refusal) => {
    const ledger = new Ledger(...times(5, refusal));
    const recorder = recorderTo(ledger);
    recorder.add("s1", anAction("a"));
    await closed(recorder);
    expect(ledger.taken).toHaveLength(1);
    expect(new Set(ledger.batches.map(([, , key]) => key))).toEqual(new Set(["key-1"]));
  });

  it.each([
    new errors.BodyTooLarge(),
    new errors.InvalidInput(),
    new errors.MalformedRequest(),
    new errors.Unavailable(null, { facts: { status: 413 } }),
    new errors.Unavailable(null, { facts: { status: 403 } }),
  ])("lose no other when one is not taken for its words: %s", async (refusal) => {
    const ledger = new Ledger();
    ledger.picky = { path: "/bad", refusal };
    const recorder = recorderTo(ledger);
    for (let number = 0; number < 10; number += 1) {
      recorder.add("s1", anAction(`a${number}`, { path: number === 4 ? "/bad" : `/${number}` }));
    }
    await closed(recorder, 60);
    expect(ledger.taken.map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, number) => `a${number}`),
    );
    expect(ledger.taken[4]?.path).toBe("(refused by the service)");
    expect(heard).toEqual([]);
  });

  it("are cleaned of what the service would refuse", async () => {
    const gateway = new FakeGateway();
    const session = gateway.open();
    const recorder = recorderTo(gateway);
    const dirty = { method: "M".repeat(40), path: "/x\0\ud800\x1b", userAgent: "a\r\nb" };
    recorder.add(session.id, anAction("a", dirty));
    await closed(recorder);
    const [found] = await gateway.actions(session.id);
    expect(found).toMatchObject({
      method: "OTHER",
      path: "/x\ufffd\ufffd\ufffd",
      userAgent: "a\ufffd\ufffdb",
    });
  });

  it("are not lost by a fault of our own", async () => {
    const ledger = new Ledger(new RangeError("somebody's data"));
    const recorder = recorderTo(ledger);
    recorder.add("s1", anAction("a"));
    await closed(recorder);
    expect(ledger.taken).toHaveLength(1);
    expect(heard.map(({ text }) => text)).toEqual(["Recording failed unexpectedly: RangeError"]);
  });

  it("are given up an hour after the end, and counted", async () => {
    const time = new ManualTime();
    const ledger = new Ledger(...times(10, new errors.Unavailable()));
    const recorder = recorderTo(ledger, time);
    recorder.add("s1", anAction("a"), time.monotonic());
    time.advance(KEPT_SECONDS);
    await closed(recorder);
    expect(ledger.batches).toHaveLength(1);
    expect(heard).toMatchObject([{ lost: 1, code: "unavailable" }]);
  });

  it("and endings that nobody got by the stop are counted once", async () => {
    const ledger = new Ledger(...times(1_000, new errors.Unavailable()));
    const recorder = recorderTo(ledger);
    recorder.add("s1", anAction("a"));
    void recorder.end("s1", null, EndCause.ENDED_BY_ACTOR);
    await closed(recorder, 2);
    expect(heard.filter(({ action }) => action === "stop_recording")).toMatchObject([{ lost: 2 }]);
    const sent = ledger.batches.length;
    await pass(60);
    expect(ledger.batches).toHaveLength(sent);
  });
});

describe("the bounds", () => {
  it("make a session full alone, and what is under way counts", async () => {
    const ledger = new Ledger();
    let open = () => {};
    ledger.gate = new Promise((resolve) => {
      open = resolve;
    });
    const recorder = recorderTo(ledger);
    for (let number = 0; number < MAX_OF_SESSION; number += 1) {
      recorder.add("s1", anAction(`a${number}`));
    }
    await pass(1);
    expect(ledger.batches).toHaveLength(1);
    expect([recorder.isFull("s1"), recorder.isFull("s2")]).toEqual([true, false]);
    open();
    ledger.gate = null;
    await closed(recorder);
    expect(recorder.isFull("s1")).toBe(false);
  });

  it("are for all sessions together as well, by number and by bytes", () => {
    const many = new Outbox(() => "key");
    for (let number = 0; number < 20_000; number += 1) {
      many.add(`s${number % 50}`, anAction(`a${number}`), 0);
    }
    expect(many.isFull("another")).toBe(true);
    const heavy = new Outbox(() => "key");
    for (let number = 0; number < 8_000; number += 1) {
      heavy.add(`s${number % 50}`, anAction(`a${number}`, { path: "é".repeat(2_000) }), 0);
    }
    expect(heavy.isFull("another")).toBe(true);
  });

  it("leave counts of what is beyond them", async () => {
    const gateway = new FakeGateway();
    const session = gateway.open();
    gateway.reachable = false;
    const recorder = recorderTo(gateway);
    for (let number = 0; number < MAX_OF_SESSION; number += 1) {
      recorder.add(session.id, anAction(`a${number}`));
    }
    for (let number = 0; number < 7; number += 1) {
      recorder.add(session.id, anAction(`b${number}`, { phase: "blocked", rule: "read_only" }));
    }
    recorder.add(session.id, anAction("c"));
    const made = { phase: "minted", kind: "api_key", reference: "key 7" } as const;
    recorder.add(session.id, anAction("d", made));
    recorder.add(session.id, anAction("e", { phase: "effect", kind: "sms", did: "held" }));
    gateway.reachable = true;
    await closed(recorder, 30);
    const found = await gateway.actions(session.id);
    expect(found).toHaveLength(MAX_OF_SESSION + 4);
    // What was made is to be revoked by its name, whatever else there is.
    expect(found.slice(-4)).toMatchObject([
      made,
      { phase: "blocked", path: "(7 more, counted only)", rule: "read_only" },
      { phase: "completed", path: "(1 more, counted only)", kind: null },
      { phase: "completed", path: "(1 more, counted only)", kind: null, did: null },
    ]);
  });
});

describe("an ending", () => {
  it("waits for no action", async () => {
    const ledger = new Ledger();
    ledger.gate = new Promise(() => {});
    const recorder = recorderTo(ledger);
    recorder.add("s1", anAction("a"));
    await pass(1);
    await recorder.end("s1", null, EndCause.ENDED_BY_ACTOR);
    expect(ledger.told).toEqual([["s1", "ended_by_actor"]]);
  });

  it.each(KEPT)("is tried again after %s", async (refusal) => {
    const ledger = new Ledger(refusal, refusal, refusal);
    const recorder = recorderTo(ledger);
    await during(5, recorder.end("s1", null, EndCause.IDENTITY_NOT_APPLIED));
    expect(ledger.told).toEqual([["s1", "identity_not_applied"]]);
  });

  it("that is over but not in the log is told at once, and repeated", async () => {
    const ledger = new Ledger();
    ledger.unlogged = 3;
    const recorder = recorderTo(ledger);
    await recorder.end("s1", null, EndCause.ENDED_BY_ACTOR);
    expect(ledger.told).toHaveLength(1);
    await closed(recorder);
    expect(ledger.told).toHaveLength(4);
  });

  it("of which only the token is known asks for the session", async () => {
    const ledger = new Ledger();
    const session = ledger.open();
    const recorder = recorderTo(ledger);
    await recorder.end(null, new Secret(session.token), EndCause.ENDED_BY_ACTOR);
    expect(ledger.told).toEqual([[session.id, "ended_by_actor"]]);
  });

  it.each([new errors.SessionOver(), new errors.TokenInvalid(), new errors.NotFound()])(
    "of what is over is done at once: %s",
    async (over) => {
      const ledger = new Ledger(over);
      const recorder = recorderTo(ledger);
      await recorder.end(null, new Secret("uss_1"), EndCause.ENDED_BY_ACTOR);
      await closed(recorder);
      expect([ledger.told, heard]).toEqual([[], []]);
    },
  );
});

describe("an intent", () => {
  it("is in the log before anything happens", async () => {
    const ledger = new Ledger();
    await recorderTo(ledger).intend("s1", anAction("a", { phase: "intended" }));
    expect(ledger.taken).toHaveLength(1);
  });

  it.each([
    [new errors.SessionOver(), errors.SessionOver],
    [new errors.OutcomeUnknown(), errors.Unavailable],
    [new errors.NotSignedIn(), errors.Unavailable],
    [new errors.InvalidInput(), errors.Unavailable],
  ])("that nobody wrote down must not begin: %s", async (fault, kind) => {
    const intended = recorderTo(new Ledger(fault)).intend("s1", anAction("a"));
    await expect(intended).rejects.toThrow(kind);
  });
});
