/** What one of the app's staff asks Understudy for, and what comes of it. */

import type { Scope } from "./core/restrictions.ts";
import type { Secret } from "./secret.ts";
import type { Actor } from "./values.ts";

/** What whoever asks is told while others have to agree. */
export const WAITS =
  "Somebody else has to agree to this first. They were asked; start again once they agree.";

/** An impersonation request. The app vouches for `actor`, whom its own sign-in has found. */
export interface Ask {
  readonly actor: Actor;
  readonly subjectId: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly minutes: number | null;
  readonly scope: Scope | null;
}

/**
 * The grant for an `Ask`, and the token to be exchanged for its session.
 *
 * `origin` is the only one at which the session may be served; null for the app's own.
 */
export interface Granted {
  readonly grantId: string;
  readonly token: Secret;
  readonly origin: string | null;
}
