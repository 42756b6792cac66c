import { describe, expect, it } from "vitest";
import { Ended, Held, SessionCache } from "../src/cache.ts";
import { Unavailable } from "../src/core/errors.ts";
import { tokenHash } from "../src/core/tokens.ts";
import { Follower, LONGEST_PAUSE } from "../src/follower.ts";
import { FRESH_SECONDS, Pulse } from "../src/pulse.ts";
import { FakeGateway } from "../src/testing/index.ts";
import type { News } from "../src/values.ts";
import { hearing } from "./support/heard.ts";
import { ManualTime, OPENED, TOKEN } from "./support/sample.ts";
import { pass, withManualTimers } from "./support/timers.ts";

withManualTimers();
const heard = hearing();
const KEY = tokenHash(TOKEN.reveal());
const CLOSED: News = {
  kind: "session_closed",
  sessionId: "ses_1",
  cause: "revoked",
  eventId: "41",
};

function beat(index: number): News {
  return { kind: "beat", index };
}

/** Streams of what was written for them, then none. */
class Script extends FakeGateway {
  readonly streams: (News | Error)[][];
  readonly asked: (string | null)[] = [];

  constructor(...streams: (News | Error)[][]) {
    super();
    this.streams = streams;
  }

  override async *follow(lastEventId: string | null = null): AsyncGenerator<News> {
    this.asked.push(lastEventId);
    for (const news of this.streams.shift() ?? [new Unavailable()]) {
      if (news instanceof Error) throw news;
      yield news;
    }
  }
}

function deskOf(...streams: (News | Error)[][]) {
  const [gateway, pulse, time] = [new Script(...streams), new Pulse(), new ManualTime()];
  const cache = new SessionCache({ pulse, monotonic: time.monotonic });
  const follower = new Follower({ gateway, cache, pulse, monotonic: time.monotonic });
  return { gateway, pulse, time, cache, follower };
}

describe("news", () => {
  it("are trusted from the first beat on, for five seconds after the last", () => {
    const { follower, pulse, cache, time } = deskOf();
    follower.take(beat(1));
    follower.take(beat(1));
    expect([pulse.generation, pulse.freshUntil]).toEqual([1, time.seconds + FRESH_SECONDS]);
    cache.keep(OPENED, { sentAt: time.seconds, generation: 1 });
    time.advance(4.9);
    expect(cache.find(KEY)).toBeInstanceOf(Held);
    time.advance(0.1);
    expect(cache.find(KEY)).toBeNull();
  });

  it("of an ending end it here", () => {
    const { follower, cache, time } = deskOf();
    follower.take(beat(1));
    cache.keep(OPENED, { sentAt: time.seconds, generation: 1 });
    follower.take(CLOSED);
    expect(cache.find(KEY)).toMatchObject({ cause: "revoked" });
  });

  it("of changed rules make every copy be asked for again", () => {
    const { follower, cache, time } = deskOf();
    follower.take(beat(1));
    cache.keep(OPENED, { sentAt: time.seconds, generation: 1 });
    follower.take({ kind: "rules_changed", eventId: "2" });
    expect(cache.find(KEY)).toBeNull();
  });
});

describe("a stream that breaks", () => {
  it("is resumed behind the last that was heard, never behind an earlier one", async () => {
    const { follower, gateway, pulse } = deskOf(
      [beat(0), CLOSED],
      [beat(50), { ...CLOSED, eventId: "9" } as News, { ...CLOSED, eventId: "x" } as News],
      [beat(99999999999999)],
    );
    void follower.run();
    await pass(1);
    expect(gateway.asked.slice(0, 4)).toEqual([null, "41", "50", "99999999999999"]);
    expect(pulse.generation).toBe(3);
    follower.stop();
  });

  it.each([new Unavailable(null, { internal: "gone" }), new RangeError("a bug")])(
    "by %s is followed again",
    async (fault) => {
      const { follower, gateway, cache } = deskOf([beat(0), fault], [fault], [CLOSED]);
      void follower.run();
      await pass(1);
      expect(gateway.asked.length).toBeGreaterThanOrEqual(3);
      expect(cache.close("ses_1", null)).toEqual(new Ended("revoked"));
      expect(heard.length).toBeGreaterThan(0);
      follower.stop();
    },
  );

  it("and never beats makes nothing trustworthy", async () => {
    const { follower, pulse } = deskOf([CLOSED], [CLOSED]);
    void follower.run();
    await pass(1);
    expect(pulse).toMatchObject({ generation: 0, freshUntil: Number.NEGATIVE_INFINITY });
    follower.stop();
  });

  it("is tried less and less often, and at least every other second", async () => {
    const { follower, gateway } = deskOf();
    void follower.run();
    await pass(60);
    const asked = gateway.asked.length;
    expect(asked).toBeLessThan(40);
    await pass(LONGEST_PAUSE);
    expect(gateway.asked.length).toBe(asked + 1);
    follower.stop();
  });

  it("is not followed any more once it is stopped", async () => {
    const { follower, gateway } = deskOf();
    const running = follower.run();
    await pass(1);
    follower.stop();
    await running;
    const asked = gateway.asked.length;
    await pass(10);
    expect(gateway.asked).toHaveLength(asked);
  });
});
