/**
 * Endings on their way to the service: apart from recorded actions, so that they wait for none.
 *
 * An ending is tried again until the service says that the session is over, unknown, or ended now;
 * and, where there are state files, by the next process too. Where the service could end the session
 * but not write that down, this process keeps the second copy: it repeats the ending until the log
 * has it.
 *
 * The end of all sessions of actors is an ending as well: it looks for their sessions, each of which
 * then ends as any other does, and is done once it finds none. However many leave in a moment, one
 * look is for all of them.
 */

import { UnderstudyError } from "./core/errors.ts";
import { EndCause } from "./core/sessions.ts";
import { Ending, MOST } from "./ending.ts";
import type { Gateway } from "./gateway.ts";
import { asLastResort, complain, warn } from "./logging.ts";
import { Bell, counted, FIRST_PAUSE, within } from "./pause.ts";
import type { Secret } from "./secret.ts";
import type { StateFiles } from "./stateFile.ts";
import { verdictOn } from "./verdicts.ts";

/** No session lives for longer than an hour, and an hour beyond its end nothing is tried again. */
export const LONGEST_SECONDS = 7_200;

interface EndingsParts {
  readonly gateway: Gateway;
  readonly monotonic: () => number;
  readonly state: StateFiles | null;
}

/** The endings of one process; `monotonic` says when they are given up. */
export class Endings {
  readonly #gateway: Gateway;
  readonly #monotonic: () => number;
  readonly #state: StateFiles | null;
  readonly #bell = new Bell();
  #waiting: Ending[] = [];
  #leavers: Ending | null = null;
  #running: Promise<void> | null = null;
  #closed = false;
  #givenUp = false;

  constructor({ gateway, monotonic, state }: EndingsParts) {
    this.#gateway = gateway;
    this.#monotonic = monotonic;
    this.#state = state;
  }

  /** End a session; resolves once the service knows, which may be never. */
  end(sessionId: string | null, token: Secret | null, cause: EndCause): Promise<void> {
    const ending = new Ending({ sessionId, token, cause, keepUntil: this.#keepUntil });
    this.#add(ending);
    return ending.done;
  }

  /** Revoke the live sessions of an actor. */
  revokeOf(actorId: string): void {
    const ending = this.#ofLeavers();
    if (!ending.hasRoomFor(actorId)) {
      sayLost(1);
      return;
    }
    ending.actorIds.add(actorId);
    ending.kept = false;
    ending.keepUntil = this.#keepUntil;
    // A moment, in which a site that lets go of thousands can name them all.
    ending.notBefore = Math.min(ending.notBefore, counted() + FIRST_PAUSE);
    this.#bell.ring();
  }

  /** Take up what earlier processes could not end; the sessions that are known. */
  resume(): string[] {
    const found = [...(this.#state?.endings(this.#keepUntil) ?? [])];
    for (const ending of found) this.#add(ending);
    return found.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId]));
  }

  /** Send what waits for at most `seconds`; how many are lost, if there is no file. */
  async close(seconds: number): Promise<number> {
    this.#closed = true;
    for (const ending of this.#waiting) ending.notBefore = 0;
    this.#bell.ring();
    if (this.#running !== null) await within(seconds, this.#running);
    return this.leave();
  }

  /** Send no more, and write down what waits; how many are lost, if there is no file. */
  leave(): number {
    this.#closed = true;
    this.#givenUp = true;
    this.#bell.ring();
    for (const ending of this.#waiting) this.#keep(ending);
    const lost = this.#waiting.filter((ending) => !ending.kept);
    return lost.reduce((sum, ending) => sum + ending.count, 0);
  }

  get #keepUntil(): number {
    return this.#monotonic() + LONGEST_SECONDS;
  }

  #ofLeavers(): Ending {
    if (this.#leavers === null) {
      const notBefore = counted() + FIRST_PAUSE;
      this.#leavers = new Ending({ keepUntil: this.#keepUntil, notBefore });
      this.#add(this.#leavers);
    }
    return this.#leavers;
  }

  #add(ending: Ending): void {
    this.#makeRoom(ending);
    this.#waiting.push(ending);
    this.#bell.ring();
    this.#running ??= this.#run();
  }

  #makeRoom(ending: Ending): void {
    const alike = this.#waiting.filter((one) => one.kind === ending.kind);
    if (alike[0] !== undefined && alike.length >= MOST[ending.kind]) this.#lose(alike[0]);
  }

  async #run(): Promise<void> {
    // Not within the call of whoever ends: what that call still has to say comes first.
    await Promise.resolve();
    for (let due = this.#first(); due !== null && !this.#givenUp; due = this.#first()) {
      const seconds = due.notBefore - counted();
      if (seconds > 0) await this.#bell.wait(seconds);
      else await this.#try(due);
    }
    this.#running = null;
  }

  #first(): Ending | null {
    let first: Ending | null = null;
    for (const one of this.#waiting) {
      if (first === null || one.notBefore < first.notBefore) first = one;
    }
    return first;
  }

  async #try(ending: Ending): Promise<void> {
    const facts = { action: "send_ending" };
    const tried = () => this.#attempt(ending);
    const isThrough = await asLastResort("Ending failed unexpectedly", facts, tried);
    if (!isThrough) ending.postpone(counted(), this.#closed);
  }

  async #attempt(ending: Ending): Promise<void> {
    let logged = true;
    try {
      logged = await this.#tell(ending);
    } catch (error) {
      if (!(error instanceof UnderstudyError)) throw error;
      if (ending.kind === "actors" || verdictOn(error, 1) !== "finished") {
        this.#failed(ending, error);
        return;
      }
    }
    if (logged || this.#monotonic() >= ending.keepUntil) {
      this.#settle(ending);
      return;
    }
    ending.tell();
    this.#later(ending);
  }

  #failed(ending: Ending, error: UnderstudyError): void {
    if (this.#monotonic() >= ending.keepUntil) {
      this.#lose(ending);
      return;
    }
    const facts = { action: "retry_ending", code: error.code };
    warn(`An ending is not known to Understudy yet: ${error.code}`, facts);
    this.#later(ending);
  }

  #later(ending: Ending): void {
    ending.postpone(counted(), this.#closed);
    this.#keep(ending);
  }

  /** Whether the log has it now. */
  async #tell(ending: Ending): Promise<boolean> {
    if (ending.kind === "actors") return await this.#look(ending);
    if (ending.sessionId === null && ending.token !== null) {
      ending.sessionId = (await this.#gateway.refresh(ending.token)).session.id;
    }
    const { sessionId, cause } = ending;
    return sessionId === null || (await this.#gateway.end(sessionId, cause));
  }

  /** Whether nobody who is to have none has a session; else each of them ends by itself. */
  async #look(ending: Ending): Promise<boolean> {
    ending.askedFor = ending.everybody;
    ending.actorIds = new Set();
    const found = await this.#gateway.sessionsOf(ending.askedFor);
    this.#revoke(found);
    if (found.length > 0) return false;
    ending.askedFor = new Set();
    ending.pause = 0;
    if (ending.actorIds.size > 0) return false;
    // At once: who comes from here on must not be added to what is through.
    if (this.#leavers === ending) this.#leavers = null;
    return true;
  }

  #revoke(sessionIds: readonly string[]): void {
    const endsAlready = new Set(this.#waiting.map((one) => one.sessionId));
    for (const sessionId of sessionIds) {
      if (!endsAlready.has(sessionId)) void this.end(sessionId, null, EndCause.REVOKED);
    }
  }

  #keep(ending: Ending): void {
    // At its first failure and not at the stop, which need not be a graceful one.
    if (this.#state === null || ending.kept) return;
    ending.kept = this.#state.keepEnding(ending);
  }

  #settle(ending: Ending): void {
    this.#waiting = this.#waiting.filter((one) => one !== ending);
    if (this.#leavers === ending) this.#leavers = null;
    this.#state?.forgetEnding(ending);
    ending.tell();
  }

  #lose(ending: Ending): void {
    sayLost(ending.count);
    this.#settle(ending);
  }
}

function sayLost(count: number): void {
  const facts = { action: "give_up_ending", lost: count };
  complain(`Understudy was not reached for long: ${count} endings are lost`, facts);
}
