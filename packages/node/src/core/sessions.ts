/** How long a session may be trusted, and why one is over. */

/** How many seconds a guard may serve a session from its cache without asking again, at most. */
export const LEASE = 300;

/** Why a session is over. Stable: the log, the banner and webhooks carry it. */
export const EndCause = {
  ENDED_BY_ACTOR: "ended_by_actor",
  REVOKED: "revoked",
  TIME_LIMIT: "time_limit",
  IDLE: "idle",
  RELAUNCHED: "relaunched",
  REPLACED: "replaced",
  TOKEN_REPLAYED: "token_replayed",
  GRANT_CANCELLED: "grant_cancelled",
  ACTOR_INACTIVE: "actor_inactive",
  ACTOR_NOT_ALLOWED: "actor_not_allowed",
  SUBJECT_INACTIVE: "subject_inactive",
  SUBJECT_PROTECTED: "subject_protected",
  CONSENT_WITHDRAWN: "consent_withdrawn",
  APPLICATION_INACTIVE: "application_inactive",
  IMPERSONATION_OFF: "impersonation_off",
  POLICY_FORBIDS: "policy_forbids",
  RULES_CHANGED: "rules_changed",
  IDENTITY_NOT_APPLIED: "identity_not_applied",
  CLOCK_DOUBT: "clock_doubt",
  APPROVAL_WITHDRAWN: "approval_withdrawn",
} as const;

export type EndCause = (typeof EndCause)[keyof typeof EndCause];

export const END_CAUSES: readonly EndCause[] = Object.values(EndCause);
