import { describe, expect, it } from "vitest";
import { Ended, Held, SessionCache } from "../src/cache.ts";
import * as errors from "../src/core/errors.ts";
import type { EndCause } from "../src/core/sessions.ts";
import { tokenHash } from "../src/core/tokens.ts";
import { Pulse } from "../src/pulse.ts";
import { Secret } from "../src/secret.ts";
import { REPEATED_WITHIN, Sessions, UNKNOWN } from "../src/sessions.ts";
import { FakeGateway } from "../src/testing/index.ts";
import type { Opened, Presented } from "../src/values.ts";
import { hearing } from "./support/heard.ts";
import { anOpened, ManualTime, OPENED, PRESENTED, TOKEN } from "./support/sample.ts";
import { during, withManualTimers } from "./support/timers.ts";

withManualTimers();
const heard = hearing();
const KEY = tokenHash(TOKEN.reveal());

/** Answers with what is next in `script`. */
class Script extends FakeGateway {
  readonly script: (Opened | Error)[];
  readonly presented: Presented[] = [];
  meanwhile: () => void = () => {};

  constructor(...script: (Opened | Error)[]) {
    super();
    this.script = script;
  }

  override async refresh(): Promise<Opened> {
    this.meanwhile();
    return this.#next();
  }

  override async exchange(presented: Presented): Promise<Opened> {
    this.presented.push(presented);
    this.meanwhile();
    return this.#next();
  }

  override async request(): Promise<never> {
    this.#next();
    throw new Error("the script has no grants");
  }

  get attempts(): (string | undefined)[] {
    return this.presented.map(({ attempt }) => attempt?.reveal());
  }

  #next(): Opened {
    const next = this.script.shift();
    if (next === undefined || next instanceof Error) throw next ?? new Error("asked too often");
    return next;
  }
}

function deskOf(...script: (Opened | Error)[]) {
  const [gateway, pulse, time] = [new Script(...script), new Pulse(), new ManualTime()];
  const cache = new SessionCache({ pulse, monotonic: time.monotonic });
  pulse.connected();
  pulse.beat(time.monotonic());
  let number = 0;
  const sessions = new Sessions({
    gateway,
    cache,
    pulse,
    monotonic: time.monotonic,
    newAttempt: () => `attempt-${++number}`,
  });
  return { gateway, pulse, time, cache, sessions };
}

describe("a refresh", () => {
  it("keeps what it brings", async () => {
    const { sessions, cache } = deskOf(OPENED);
    const held = await sessions.refresh(TOKEN);
    expect(held).toBeInstanceOf(Held);
    expect(cache.find(KEY)).toBe(held);
  });

  it("serves one request by an answer from before a reconnection, and is asked again", async () => {
    const { sessions, cache, gateway, pulse, time } = deskOf(OPENED);
    gateway.meanwhile = () => {
      pulse.connected();
      pulse.beat(time.monotonic());
    };
    expect(await sessions.refresh(TOKEN)).toBeInstanceOf(Held);
    expect(cache.find(KEY)).toBeNull();
  });

  it("never revives what ended while the answer was under way", async () => {
    const { sessions, cache, gateway } = deskOf(OPENED);
    gateway.meanwhile = () => void cache.close("ses_1", "revoked");
    expect(await sessions.refresh(TOKEN)).toMatchObject({ cause: "revoked" });
  });

  it.each<[Error, EndCause | null]>([
    [new errors.SessionOver(null, { facts: { cause: "idle" } }), "idle"],
    [new errors.SessionOver(null, { facts: { cause: "made_up" } }), null],
    [new errors.TokenInvalid(), null],
    [new errors.NotFound(), null],
    [new errors.Refused(null, "nested"), null],
  ])("of what is over says so: %s", async (refusal, cause) => {
    const { sessions, cache } = deskOf(refusal);
    expect(await sessions.refresh(TOKEN)).toEqual(new Ended(cause));
    expect(cache.find(KEY)).toEqual(new Ended(cause));
  });

  it.each([
    new errors.Unavailable(),
    new errors.NotSignedIn(),
    new errors.TooManyRequests(),
    new errors.InvalidInput(),
  ])("that is not answered is no word about the session: %s", async (fault) => {
    const { sessions, cache } = deskOf(fault);
    await expect(sessions.refresh(TOKEN)).rejects.toThrow(errors.Unavailable);
    expect(cache.find(KEY)).toBeNull();
    expect(heard[0]?.text).toContain(fault.code);
  });

  it("is not believed for another session", async () => {
    const { sessions, cache } = deskOf(anOpened({}, new Secret("uss_other")));
    await expect(sessions.refresh(TOKEN)).rejects.toThrow(errors.Unavailable);
    expect(cache.find(tokenHash("uss_other"))).toBeNull();
  });
});

describe("an exchange", () => {
  it("is served at once, under a name of its own each time", async () => {
    const { sessions, cache, gateway } = deskOf(OPENED, OPENED);
    expect(await sessions.exchange(PRESENTED)).toBe(OPENED);
    expect(cache.find(KEY)).toBeInstanceOf(Held);
    await sessions.exchange(PRESENTED);
    expect(gateway.attempts).toEqual(["attempt-1", "attempt-2"]);
  });

  it.each([new errors.TokenInvalid(), new errors.Refused(null, "subject_protected")])(
    "says why it is refused: %s",
    async (refusal) => {
      await expect(deskOf(refusal).sessions.exchange(PRESENTED)).rejects.toBe(refusal);
    },
  );

  it("whose answer got lost is asked for again, under the same name", async () => {
    const { sessions, gateway } = deskOf(
      new errors.OutcomeUnknown(),
      new errors.Unavailable(),
      OPENED,
    );
    expect(await during(5, sessions.exchange(PRESENTED))).toBe(OPENED);
    expect(gateway.attempts).toEqual(["attempt-1", "attempt-1", "attempt-1"]);
  });

  it("that stays unanswered is not said to have changed nothing", async () => {
    const faults = [
      new errors.OutcomeUnknown(),
      new errors.Unavailable(),
      new errors.InvalidInput(),
    ];
    const refused = deskOf(...faults)
      .sessions.exchange(PRESENTED)
      .catch((error) => error);
    const error = await during(5, refused);
    expect(error).toBeInstanceOf(errors.OutcomeUnknown);
    expect(error.detail).toBe(UNKNOWN);
  });

  it("is not tried further when a person has waited long", async () => {
    const { sessions, gateway, time } = deskOf(new errors.OutcomeUnknown());
    gateway.meanwhile = () => time.advance(REPEATED_WITHIN + 1);
    await expect(sessions.exchange(PRESENTED)).rejects.toThrow(errors.OutcomeUnknown);
    expect(gateway.presented).toHaveLength(1);
  });

  it.each([new errors.Unavailable(), new errors.NotSignedIn()])(
    "that was not done is not asked for again: %s",
    async (fault) => {
      const { sessions, gateway } = deskOf(fault);
      const refused = await sessions.exchange(PRESENTED).catch((error) => error);
      expect(refused).toBeInstanceOf(errors.Unavailable);
      expect(refused).not.toBeInstanceOf(errors.OutcomeUnknown);
      expect(gateway.presented).toHaveLength(1);
    },
  );

  it("that is refused after its answer got lost is refused", async () => {
    const { sessions } = deskOf(new errors.OutcomeUnknown(), new errors.TokenInvalid());
    const refused = sessions.exchange(PRESENTED).catch((error) => error);
    expect(await during(5, refused)).toBeInstanceOf(errors.TokenInvalid);
  });

  it("is asked for once without a name of a service that knows none", async () => {
    const { sessions, gateway } = deskOf(new errors.InvalidInput(), OPENED);
    await sessions.exchange(PRESENTED);
    expect(gateway.attempts).toEqual(["attempt-1", undefined]);
  });
});

describe("a request", () => {
  const ASK = {
    actor: { kind: "named_by_application", id: "kim", email: null, name: null },
    subjectId: "42",
    reason: "Cannot see the invoice",
    ticket: null,
    minutes: null,
    scope: null,
  };

  it.each([
    [new errors.Refused(null, "subject_protected"), errors.Refused],
    [new errors.InvalidInput(), errors.InvalidInput],
    [new errors.TooManyRequests(), errors.TooManyRequests],
    [new errors.OutcomeUnknown(), errors.Unavailable],
    [new errors.NotSignedIn(), errors.Unavailable],
  ])("is told of as far as it is known: %s", async (fault, kind) => {
    const refused = await deskOf(fault)
      .sessions.request(ASK)
      .catch((error) => error);
    expect(refused).toBeInstanceOf(kind);
    expect(refused).not.toBeInstanceOf(errors.OutcomeUnknown);
  });
});
