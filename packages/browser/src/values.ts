/** What the actor may do in a session. */
export type Scope = "full" | "read_only";

/** Somebody as the app knows them. */
export interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
}

/** What the session may not do, and what people call it. */
export interface BlockedAction {
  readonly method: string;
  readonly pattern: string;
  readonly label: string;
}

/**
 * The session that this browser holds: `actor` works as `subject`. Neither reason nor ticket is
 * here, as the page is the subject's. All times are by the server's clock.
 */
export interface Impersonation {
  readonly impersonating: true;
  /** Public id of the session, no secret. */
  readonly session: string;
  readonly subject: Person;
  readonly actor: Person;
  readonly scope: Scope;
  readonly blockedActions: readonly BlockedAction[];
  readonly endsAt: Date;
  /** When it ends if nothing happens in it; never after `endsAt`. */
  readonly idleEndsAt: Date;
  /** What the server's clock said when this was told. */
  readonly serverNow: Date;
}

/** This browser works as nobody but its owner. After a session that is over, why, if it is known. */
export interface NoImpersonation {
  readonly impersonating: false;
  /** A stable word, such as `revoked` or `time_limit`. */
  readonly cause: string | null;
  /** A sentence for the actor. */
  readonly message: string | null;
}

export type Status = Impersonation | NoImpersonation;

/** Whom to work as, and why. Who asks, the app's own sign-in says and nothing that is sent. */
export interface Wanted {
  readonly subjectId: string | number;
  /** Ten characters at least, unless the application's rules say otherwise. */
  readonly reason: string;
  readonly ticket?: string | undefined;
  readonly minutes?: number | undefined;
  readonly scope?: Scope | undefined;
}

/** A session has begun, and the page goes to `home`. */
export interface Started {
  /** Public id of the session; null where it begins only at an origin of its own. */
  readonly session: string | null;
  readonly home: string;
}
