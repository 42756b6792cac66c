/**
 * Who works as whom in the request at hand, for the app's own code to ask.
 *
 * It travels in an AsyncLocalStorage: into promises, timers and callbacks that a view starts.
 * Whatever is made there keeps its context for as long as it lives, be it a timer, a pool's
 * connection, or the server's own callback that reads the next request from the same connection. So
 * adapters begin each request as nobody's (`leftByOthers`, `asNobody`), and an impersonation ends
 * with its request wherever it got to.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { ForbiddenWhileImpersonating } from "./core/errors.ts";
import type { Scope } from "./core/restrictions.ts";
import { onePerProcess } from "./onePerProcess.ts";
import type { ActiveSession, Actor, Organization, Phase, Subject } from "./values.ts";

export const FORBIDDEN = ForbiddenWhileImpersonating.code;
/** What a kind of something that is sent or made is called. */
export const KIND = /^[a-z][a-z0-9_]{0,39}$/;
export const REFERENCE_LENGTH = 200;

/** What is said of something that was sent or made. */
export interface Said {
  readonly kind: string;
  readonly did?: string | null;
  readonly reference?: string | null;
}

/** Tells the log what a request did beside being answered. */
export interface Telling {
  /** Record it soon. */
  tell(phase: Phase, said: Said): void;
  /** Call `deed` once when the session is over; at once if it is. */
  atEnd(deed: () => void): void;
}

/**
 * The session that the present request belongs to.
 *
 * `subject` is the user whom the app shall serve, `actor` the person who really asks: write both
 * down wherever your app writes down who did something. `user` is what the app's own `loadUser`
 * made of the subject.
 */
export class Impersonation {
  readonly sessionId: string;
  readonly subject: Subject;
  readonly actor: Actor;
  readonly organization: Organization | null;
  readonly scope: Scope;
  readonly reason: string;
  readonly ticket: string | null;
  readonly startedAt: Date;
  readonly endsAt: Date;
  readonly user: unknown;
  readonly #told: Telling | null;

  private constructor(session: ActiveSession, user: unknown, told: Telling | null) {
    this.sessionId = session.id;
    this.subject = session.subject;
    this.actor = session.actor;
    this.organization = session.organization;
    this.scope = session.restrictions.scope;
    this.reason = session.reason;
    this.ticket = session.ticket;
    this.startedAt = session.startedAt;
    this.endsAt = session.endsAt;
    this.user = user;
    this.#told = told;
  }

  /** Who tells the log what else was done; null where nobody does. */
  get told(): Telling | null {
    return this.#told;
  }

  /**
   * Mark what this request has made, and what outlives the session: an API key, a magic link.
   *
   * `kind` is a word of yours such as `api_key`, `reference` your own id for it by which you find it
   * again, and never the secret itself. The log has it, the end of the session tells of it, and what
   * you gave `Understudy.onMinted` is asked to revoke it then.
   *
   * @throws {TypeError} `kind` is no such word, or `reference` is empty or too long.
   */
  minted(kind: string, reference: string): void {
    if (!KIND.test(kind) || !isReference(reference)) {
      throw new TypeError("A kind is a word like api_key, a reference has 1 to 200 characters.");
    }
    this.#told?.tell("minted", { kind, reference });
  }

  /** What the app may know of `session`; `told` is who tells the log what else it did. */
  static of(
    session: ActiveSession,
    user: unknown = null,
    told: Telling | null = null,
  ): Impersonation {
    return new Impersonation(session, user, told);
  }
}

function isReference(reference: unknown): boolean {
  if (typeof reference !== "string") return false;
  const { length } = [...reference.slice(0, 2 * REFERENCE_LENGTH + 1)];
  return length > 0 && length <= REFERENCE_LENGTH;
}

/**
 * One impersonated request; `forbidden` once a forbidden view was asked for.
 *
 * `unlocked` where somebody else has allowed this very change in a session that may only read.
 * `asked` once the app has looked whom it serves. `over` once the answer to the request, or the
 * WebSocket, is through, has failed, or was left by the browser.
 */
export class Present {
  readonly impersonation: Impersonation;
  readonly unlocked: boolean;
  asked = false;
  forbidden = false;
  over = false;

  constructor(impersonation: Impersonation, { unlocked = false } = {}) {
    this.impersonation = impersonation;
    this.unlocked = unlocked;
  }
}

/**
 * One request of a user's own.
 *
 * So that it can be told from what nobody knows anything about, such as the work of a queue.
 */
export class OwnRequest {
  readonly impersonation = null;
  over = false;
}

const PRESENT = onePerProcess(
  "present",
  () => new AsyncLocalStorage<Present | OwnRequest | null>(),
);

/**
 * The session that the present request belongs to, or null when users act for themselves.
 *
 * Null as well in a promise, a timer or a callback that outlives its request: what runs after a
 * request is over is nobody.
 */
export function currentImpersonation(): Impersonation | null {
  const present = presentRequest();
  if (present === null || present.over || present.impersonation === null) return null;
  present.asked = true;
  return present.impersonation;
}

/** What `call` gives, with `present` for the current request; for adapters. */
export function within<T>(present: Present | OwnRequest, call: () => T): T {
  return PRESENT.run(present, call);
}

/**
 * What `call` gives, with `present` for the current request, which is over at its end: when it
 * returns, or when the promise that it returns is settled.
 */
export function entered<T>(present: Present | OwnRequest, call: () => T): T {
  let goesOn = false;
  try {
    const given = within(present, call);
    if (!(given instanceof Promise)) return given;
    goesOn = true;
    // The same promise goes back, so that whoever waits for it sees the failure.
    const over = (): void => {
      present.over = true;
    };
    given.then(over, over);
    return given;
  } finally {
    present.over = present.over || !goesOn;
  }
}

/** The request that this context was made for, also when it is over; null when none is known. */
export function presentRequest(): Present | OwnRequest | null {
  return PRESENT.getStore() ?? null;
}

/**
 * True when the context is another request's than that of `pinned`; for adapters.
 *
 * `pinned` is the impersonation that the request itself carries, if an adapter around this one has
 * laid it over: what is called within a request, as a mounted app is, stays within it.
 */
export function leftByOthers(pinned: Impersonation | null): boolean {
  const found = presentRequest()?.impersonation ?? null;
  return found !== null && found !== pinned;
}

/** What `call` gives outside of whatever request the context was made for; for adapters. */
export function asNobody<T>(call: () => T): T {
  return PRESENT.run(null, call);
}
