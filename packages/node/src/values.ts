/** What the service tells the SDK of a session, and what the SDK tells it of requests. */

import type { Restrictions } from "./core/restrictions.ts";
import { type EndCause, LEASE } from "./core/sessions.ts";
import type { Secret } from "./secret.ts";

export const NAMED_BY_APPLICATION = "named_by_application";

/**
 * The person who really sits at the keyboard.
 *
 * `kind` is `operator` (signed in at Understudy) or `named_by_application`, as are those whom the
 * app itself makes. `groups` are for an app to say of its own staff where they start: policies look
 * at them. What the service tells of a session has none.
 */
export interface Actor {
  readonly kind: string;
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly groups?: readonly string[];
}

/** The user in whose account the actor works. `id` is the application's own. */
export interface Subject {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly roles: readonly string[];
}

/** The subject's tenant. `id` is the application's own. */
export interface Organization {
  readonly id: string;
  readonly name: string | null;
}

/**
 * One impersonation session as it was when the service answered. Times are the service's.
 *
 * `origin` is the only one at which it may be served; null for the app's own.
 */
export interface ActiveSession {
  readonly id: string;
  readonly grantId: string;
  readonly applicationId: string;
  readonly actor: Actor;
  readonly subject: Subject;
  readonly organization: Organization | null;
  readonly reason: string;
  readonly ticket: string | null;
  readonly restrictions: Restrictions;
  readonly startedAt: Date;
  readonly endsAt: Date;
  readonly idleEndsAt: Date;
  readonly lastActiveAt: Date;
  readonly origin: string | null;
}

interface Answered {
  readonly session: ActiveSession;
  readonly sessionToken: Secret;
  readonly leaseExpiresAt: Date;
  readonly serverTime: Date;
  readonly logIndex: number;
  readonly returnTo?: string | null;
  readonly toldAs?: string | null;
}

/**
 * The answer to an exchange or a refresh: a session that lived at `serverTime`.
 *
 * Durations, in seconds, are differences between the service's own times, so that the app's clock,
 * which may be wrong, has no part in them. `toldAs` is what the user is to read of whoever works
 * there, null unless users are told.
 */
export class Opened {
  readonly session: ActiveSession;
  readonly sessionToken: Secret;
  readonly leaseExpiresAt: Date;
  readonly serverTime: Date;
  readonly logIndex: number;
  readonly returnTo: string | null;
  readonly toldAs: string | null;

  constructor(answered: Answered) {
    this.session = answered.session;
    this.sessionToken = answered.sessionToken;
    this.leaseExpiresAt = answered.leaseExpiresAt;
    this.serverTime = answered.serverTime;
    this.logIndex = answered.logIndex;
    this.returnTo = answered.returnTo ?? null;
    this.toldAs = answered.toldAs ?? null;
  }

  /** For how long the session may be served without asking again; never above `LEASE`. */
  get lease(): number {
    return Math.min(LEASE, between(this.serverTime, this.leaseExpiresAt), this.remaining);
  }

  /** How much of the session is left at most. */
  get remaining(): number {
    return between(this.serverTime, this.session.endsAt);
  }

  /** How much of it is left if nothing more happens. */
  get idleRemaining(): number {
    return between(this.serverTime, this.session.idleEndsAt);
  }

  /** How long it may rest. */
  get idleLimit(): number {
    return between(this.session.lastActiveAt, this.session.idleEndsAt);
  }
}

/** The protocol that an impersonation token was made for; each takes only its own. */
export type Wire = "native" | "stytch" | "clerk";

/**
 * An impersonation token on its way to be exchanged, with what a code is bound to.
 *
 * Beside a code `wire` stays `native`. `attempt` names this exchange: whoever repeats it under the
 * same name, as its answer got lost, gets the same session.
 */
export interface Presented {
  readonly token: Secret;
  readonly wire: Wire;
  readonly codeVerifier: Secret | null;
  readonly redirectUri: string | null;
  readonly attempt: Secret | null;
}

/**
 * Where a recorded request stands; or what it has sent, or wanted to send (`effect`), what it has made
 * that outlives the session (`minted`), and that the app has revoked that (`undone`).
 */
export const PHASES = ["intended", "completed", "blocked", "effect", "minted", "undone"] as const;
export type Phase = (typeof PHASES)[number];

/**
 * One request of a session. `id` ties an intent to its completion.
 *
 * `path` has no query, which may hold what nobody should read; `route` is the app's pattern, known
 * once the view has run. `kind` is of what was sent or made, `did` what became of what was to be sent,
 * `reference` the app's own name for what was made, and never the thing itself.
 */
export interface RecordedAction {
  readonly id: string;
  readonly phase: Phase;
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly route: string | null;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly rule: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly kind?: string | null;
  readonly did?: string | null;
  readonly reference?: string | null;
}

/**
 * Something that was made in a session which is over, and that nobody has revoked yet.
 *
 * `kind` and `reference` are as they were marked; `id` is that of the action.
 */
export interface Minted {
  readonly id: string;
  readonly sessionId: string;
  readonly kind: string;
  readonly reference: string;
}

/** The service follows its log, and has told everything up to `index`. */
interface Beat {
  readonly kind: "beat";
  readonly index: number;
}

/** A session is over. `eventId` resumes the stream behind this event. */
interface SessionClosed {
  readonly kind: "session_closed";
  readonly sessionId: string;
  readonly cause: EndCause | null;
  readonly eventId: string | null;
}

/** The application's settings changed: what sessions are held to must be asked for again. */
interface RulesChanged {
  readonly kind: "rules_changed";
  readonly eventId: string | null;
}

export type News = Beat | SessionClosed | RulesChanged;

function between(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
