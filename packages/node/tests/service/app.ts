/**
 * A process of an app, without a framework: it does what the lines that it reads say, and prints
 * what comes of each. `tests/integration/node_link` drives it against a real service.
 *
 * Times are seconds of the machine's monotonic clock, as Python's `time.monotonic()` counts them.
 */

import { createInterface } from "node:readline";
import { Held } from "../../src/cache.ts";
import { UnderstudyError } from "../../src/core/errors.ts";
import { Asked, NeedsRefresh, Refuse } from "../../src/guard.ts";
import { logTo } from "../../src/logging.ts";
import { Understudy } from "../../src/understudy.ts";
import type { UserSays } from "../../src/userSays.ts";

interface Order {
  readonly id: number;
  readonly do: keyof typeof DEEDS;
  readonly [name: string]: unknown;
}

/** What came of a request of a session. */
interface Served {
  readonly status: number;
  readonly cause?: string | null;
}

const LOOK_MILLISECONDS = 1;
const told: string[] = [];
logTo({ warn: (text) => void told.push(text), error: (text) => void told.push(text) });

const understudy = Understudy.remote(JSON.parse(process.argv[2] ?? ""));
const notices: unknown[] = [];
const revoked: unknown[] = [];
/** What the actor's browser sends in each session. */
const cookies = new Map<string, string>();

/** Serve one request of a session, as an adapter does. */
async function serve(sessionId: string): Promise<Served> {
  const runtime = understudy.runtime();
  const cookie = cookies.get(sessionId) ?? "";
  const asked = new Asked({ cookie, methods: ["GET"], paths: ["/orders"] });
  const verdict = runtime.guard.decide(asked);
  if (!(verdict instanceof NeedsRefresh)) return servedBy(verdict);
  try {
    const found = await runtime.ask(verdict.token, verdict.key);
    return servedBy(runtime.guard.judge(found, asked));
  } catch (error) {
    if (!(error instanceof UnderstudyError)) throw error;
    return { status: error.status };
  }
}

function servedBy(verdict: unknown): Served {
  if (verdict instanceof Held) return { status: 200 };
  if (!(verdict instanceof Refuse)) throw new Error("a session's request passed as nobody's");
  return { status: verdict.status, cause: verdict.ended?.cause ?? null };
}

const DEEDS = {
  /** Begin a session. */
  async start(order: { token: string }) {
    const { session, setCookie } = await understudy.start(order.token);
    cookies.set(session.id, setCookie.split(";", 1)[0] ?? "");
    return { session: session.id, subject: session.subject.id, endsAt: session.endsAt };
  },

  /** Wait until the service's news are heard, so that what is asked for is kept. */
  async follow() {
    const { pulse, monotonic } = understudy.runtime();
    while (monotonic() >= pulse.freshUntil) await look();
    return {};
  },

  /** Serve one request. */
  async serve(order: { session: string }) {
    return await serve(order.session);
  },

  /** Serve requests until one is refused; when that was. */
  async watch(order: { session: string }) {
    for (;;) {
      const served = await serve(order.session);
      if (served.status !== 200) return { ...served, at: now() };
      await look();
    }
  },

  /** Record requests, as one does that was served. */
  async record(order: { session: string; paths: string[] }) {
    const { recorder, actionOf } = parts();
    for (const path of order.paths) recorder.add(order.session, actionOf(path));
    return {};
  },

  /** Record an intent, and say whether it may begin. */
  async intend(order: { session: string; path: string }) {
    const { recorder, actionOf } = parts();
    try {
      await recorder.intend(order.session, { ...actionOf(order.path), phase: "intended" });
      return { begins: true };
    } catch (error) {
      if (!(error instanceof UnderstudyError)) throw error;
      return { begins: false, code: error.code };
    }
  },

  /** The actor ends a session; resolves at once. */
  async end(order: { session: string }) {
    const { recorder } = parts();
    understudy.runtime().cache.close(order.session, "ended_by_actor");
    void recorder.end(order.session, null, "ended_by_actor");
    return {};
  },

  /** Somebody has left. */
  async revokeOf(order: { actor: string }) {
    understudy.revokeSessionsOf(order.actor);
    return {};
  },

  /** From now on users are told of sessions, and what was made in them is revoked. */
  async hook() {
    understudy.tellUsersBy((notice) => notices.push(notice));
    understudy.onMinted((minted) => revoked.push(minted));
    return {};
  },

  /** What users were told, once there is something. */
  async notices() {
    while (notices.length === 0) await look();
    return { notices: notices.splice(0) };
  },

  /** Something is made in a session, as a request marks it. */
  async mint(order: { session: string; kind: string; reference: string }) {
    const { recorder, actionOf } = parts();
    const { kind, reference } = order;
    recorder.add(order.session, { ...actionOf("/keys"), phase: "minted", kind, reference });
    return {};
  },

  /** What was revoked, once there is something. */
  async revoked() {
    while (revoked.length === 0) await look();
    return { revoked: revoked.splice(0) };
  },

  /** A user does, or looks at, something of their own account. */
  async tell(order: { said: UserSays }) {
    try {
      return { told: await understudy.runtime().gateway.tell(order.said) };
    } catch (error) {
      if (!(error instanceof UnderstudyError)) throw error;
      return { code: error.code };
    }
  },

  /** Take up what an earlier process left. */
  async resume() {
    understudy.resume();
    return {};
  },

  /** What operators of the app were told. */
  async told() {
    return { told: told.splice(0) };
  },

  /** Stop in order. */
  async close() {
    await understudy.close();
    return {};
  },
};

function parts() {
  const runtime = understudy.runtime();
  const actionOf = (path: string) =>
    runtime.action({
      id: runtime.newActionId(),
      phase: "completed",
      method: "GET",
      path,
      route: null,
      status: 200,
      durationMs: 1,
      rule: null,
      address: null,
      userAgent: "tests",
    });
  return { recorder: runtime.recorder, actionOf };
}

function look(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LOOK_MILLISECONDS);
  });
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

async function carryOut({ id, do: deed, ...order }: Order): Promise<void> {
  let came: object;
  try {
    const carry = DEEDS[deed] as (order: unknown) => Promise<object>;
    came = await carry(order);
  } catch (error) {
    came = { error: error instanceof UnderstudyError ? error.code : String(error) };
  }
  process.stdout.write(`${JSON.stringify({ id, ...came })}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  void carryOut(JSON.parse(line));
}
