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
import type { ActiveSession, Actor, Organization, Subject } from "./values.ts";

export const FORBIDDEN = ForbiddenWhileImpersonating.code;

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

  private constructor(session: ActiveSession, user: unknown) {
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
  }

  /** What the app may know of `session`. */
  static of(session: ActiveSession, user: unknown = null): Impersonation {
    return new Impersonation(session, user);
  }
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
