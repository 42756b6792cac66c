/** How long a session may be trusted, and why one is over. */

/** How many seconds a guard may serve a session from its cache without asking again, at most. */
export const LEASE = 300;

/** Why a session is over. Stable: the log, the banner and webhooks carry it. */
export const END_CAUSES = [
  "ended_by_actor",
  "revoked",
  "time_limit",
  "idle",
  "relaunched",
  "replaced",
  "token_replayed",
  "grant_cancelled",
  "actor_inactive",
  "actor_not_allowed",
  "subject_inactive",
  "subject_protected",
  "application_inactive",
  "impersonation_off",
  "rules_changed",
  "identity_not_applied",
  "clock_doubt",
] as const;

export type EndCause = (typeof END_CAUSES)[number];
