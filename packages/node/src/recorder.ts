/**
 * Writes down what is done in sessions: intents at once, everything else in batches.
 *
 * What waits is sent within a second, in order for each session, again and again until the service
 * has it; repeats carry the same key, so that nothing is written twice. What is held is bounded: a
 * session that reaches the bound is refused rather than pass unrecorded.
 */

import type { Calls } from "./calls.ts";
import { cleanAction, standIn } from "./cleaning.ts";
import { SessionOver, Unavailable, UnderstudyError } from "./core/errors.ts";
import type { EndCause } from "./core/sessions.ts";
import { Endings, LONGEST_SECONDS } from "./endings.ts";
import type { Gateway } from "./gateway.ts";
import { asLastResort, complain } from "./logging.ts";
import { type Batch, type Line, Outbox } from "./outbox.ts";
import { Bell, counted, FIRST_PAUSE, within } from "./pause.ts";
import type { Secret } from "./secret.ts";
import type { StateFiles } from "./stateFile.ts";
import type { RecordedAction } from "./values.ts";
import { verdictOn } from "./verdicts.ts";

const GATHER_SECONDS = 0.25;
/** How long beyond a session's end its actions are tried again. */
export const KEPT_SECONDS = 3_600;

interface RecorderParts {
  readonly gateway: Gateway;
  readonly calls: Calls;
  readonly newKey: () => string;
  readonly monotonic: () => number;
  readonly state: StateFiles | null;
}

/**
 * What one process tells the log. `newKey` makes Idempotency-Keys.
 *
 * `monotonic` is the clock of sessions' ends; pauses are measured by Node's own.
 */
export class Recorder {
  readonly #gateway: Gateway;
  readonly #calls: Calls;
  readonly #newKey: () => string;
  readonly #monotonic: () => number;
  readonly #state: StateFiles | null;
  readonly #endings: Endings;
  readonly #outbox: Outbox;
  readonly #bell = new Bell();
  #running: Promise<void> | null = null;
  #hurried = false;
  #closed = false;
  #givenUp = false;

  constructor({ gateway, calls, newKey, monotonic, state }: RecorderParts) {
    this.#gateway = gateway;
    this.#calls = calls;
    this.#newKey = newKey;
    this.#monotonic = monotonic;
    this.#state = state;
    this.#endings = new Endings({ gateway, monotonic, state });
    this.#outbox = new Outbox(newKey);
  }

  /** True when nothing more may be done in this session before the service takes what waits. */
  isFull(sessionId: string): boolean {
    return this.#outbox.isFull(sessionId);
  }

  /**
   * Record `action` durably; it has not begun.
   *
   * @throws SessionOver it must not begin.
   * @throws Unavailable it must not begin either, since nobody would know of it.
   */
  intend(sessionId: string, action: RecordedAction): Promise<void> {
    return this.#calls.submit(async () => {
      try {
        await this.#gateway.record(sessionId, [cleanAction(action)], this.#newKey());
      } catch (error) {
        if (error instanceof SessionOver || error instanceof Unavailable) throw error;
        if (!(error instanceof UnderstudyError)) throw error;
        throw new Unavailable(null, { internal: error.code });
      }
    });
  }

  /** Record `action` soon; `overAt` is the session's end. */
  add(sessionId: string, action: RecordedAction, overAt: number | null = null): void {
    const keptUntil = overAt === null ? this.#monotonic() + LONGEST_SECONDS : overAt + KEPT_SECONDS;
    this.#outbox.add(sessionId, action, keptUntil);
    this.#start();
  }

  /** End a session, whatever waits; resolves once the service knows. */
  end(sessionId: string | null, token: Secret | null, cause: EndCause): Promise<void> {
    this.#hurry();
    return this.#endings.end(sessionId, token, cause);
  }

  /** Revoke the live sessions of an actor. */
  revokeOf(actorId: string): void {
    this.#endings.revokeOf(actorId);
  }

  /** Take up what earlier processes left, endings first; the sessions that are to end. */
  resume(): string[] {
    const ended = this.#endings.resume();
    for (const [sessionId, batch] of this.#state?.batches() ?? []) {
      this.#outbox.putBack(sessionId, batch, this.#monotonic() + LONGEST_SECONDS);
      this.#start();
    }
    return ended;
  }

  /** Send what waits for at most `seconds`; the rest goes to a file, or is lost. */
  async close(seconds: number): Promise<void> {
    const until = counted() + seconds;
    this.#closed = true;
    this.#hurry();
    await this.#endings.close(seconds);
    if (this.#running !== null) await within(until - counted(), this.#running);
    this.leave();
  }

  /** Send no more, and write down what waits; what goes to no file is lost. */
  leave(): void {
    this.#closed = true;
    this.#givenUp = true;
    this.#bell.ring();
    let lost = this.#endings.leave();
    for (const [sessionId, batch] of this.#outbox.drain()) {
      if (!this.#state?.keepBatch(sessionId, batch)) lost += batch.actions.length;
    }
    if (lost === 0) return;
    const text = `Understudy was not reached: ${lost} recorded actions and endings are lost`;
    complain(text, { action: "stop_recording", lost });
  }

  #hurry(): void {
    this.#hurried = true;
    this.#bell.ring();
  }

  #start(): void {
    if (this.#givenUp) return;
    if (this.#running === null) this.#running = this.#run();
    else if (this.#outbox.dueIn(counted()) === 0) this.#bell.ring();
  }

  async #run(): Promise<void> {
    // Not within the request that records: its answer comes first.
    await Promise.resolve();
    while (!this.#givenUp && this.#outbox.dueIn(counted()) !== null) {
      await (this.#closed ? this.#restOnce() : this.#gather());
      await this.#sendDue();
    }
    this.#running = null;
  }

  /** Wait until something is due, and a moment for what else there will be. */
  async #gather(): Promise<void> {
    const soonest = counted() + GATHER_SECONDS;
    while (!this.#hurried && !this.#givenUp) {
      const now = counted();
      const seconds = Math.max(soonest - now, this.#outbox.dueIn(now) ?? 0);
      if (seconds <= 0) break;
      await this.#bell.wait(seconds);
    }
    this.#hurried = false;
  }

  /** One hurry for what failed before the stop; after it the first pause each time. */
  async #restOnce(): Promise<void> {
    const due = this.#outbox.dueIn(counted());
    if (due) await this.#bell.wait(Math.min(due, FIRST_PAUSE));
    this.#outbox.hurry();
  }

  async #sendDue(): Promise<void> {
    const facts = { action: "send_recorded" };
    for (;;) {
      const found = this.#givenUp ? null : this.#outbox.next(counted());
      if (found === null) return;
      const send = () => this.#send(...found);
      const isThrough = await asLastResort("Recording failed unexpectedly", facts, send);
      if (!isThrough) this.#outbox.postpone(...found, counted());
    }
  }

  async #send(line: Line, batch: Batch): Promise<void> {
    try {
      await this.#gateway.record(line.sessionId, batch.actions, batch.key);
    } catch (error) {
      if (!(error instanceof UnderstudyError)) throw error;
      this.#failed(line, batch, error);
      return;
    }
    this.#settle(line, batch);
  }

  #failed(line: Line, batch: Batch, error: UnderstudyError): void {
    const verdict = verdictOn(error, batch.tries + 1);
    if (verdict === "split" && this.#hasSplit(line, batch)) return;
    const isRefusedForGood = verdict === "split" && error.facts.status === undefined;
    const isOver = this.#monotonic() >= line.keepUntil;
    if (verdict === "finished" || isRefusedForGood || isOver) this.#lose(line, batch, error.code);
    else this.#outbox.postpone(line, batch, counted());
  }

  /** Send less at once, and at last a stand-in: something in `batch` is not taken. */
  #hasSplit(line: Line, batch: Batch): boolean {
    const { actions } = batch;
    const [first] = actions;
    if (actions.length > 1) {
      const middle = Math.floor(actions.length / 2);
      this.#outbox.replace(line, batch, [actions.slice(0, middle), actions.slice(middle)]);
    } else if (first !== undefined && !batch.replaced) {
      batch.replaced = true;
      this.#outbox.replace(line, batch, [[standIn(first)]]);
    } else {
      return false;
    }
    this.#forget(batch);
    return true;
  }

  #lose(line: Line, batch: Batch, code: string): void {
    const lost = batch.actions.length;
    // The code says why, and holds nobody's data.
    const text = `Understudy refused what was recorded: ${code}; ${lost} actions are lost`;
    complain(text, { action: "record_actions", code, lost });
    this.#settle(line, batch);
  }

  #settle(line: Line, batch: Batch): void {
    this.#outbox.settle(line, batch);
    this.#forget(batch);
  }

  #forget(batch: Batch): void {
    if (batch.restored) this.#state?.forgetBatch(batch.key);
  }
}
