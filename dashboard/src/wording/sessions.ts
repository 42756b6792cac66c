import type { EndCause, GrantStatus, Scope } from "../api/types";

/** Why a session is over, as the end of "The session is over: …". */
export const END_CAUSES: Record<EndCause, string> = {
  ended_by_actor: "ended by the operator",
  revoked: "revoked",
  time_limit: "its time was up",
  idle: "nothing happened for a while",
  relaunched: "launched anew",
  replaced: "another one took its place in the browser",
  token_replayed: "its token was used twice",
  grant_cancelled: "the request was cancelled",
  actor_inactive: "the operator was disabled",
  actor_not_allowed: "the actor may not impersonate any more",
  subject_inactive: "the user was disabled or deleted",
  subject_protected: "the user became protected",
  consent_withdrawn: "the user took back their consent",
  application_inactive: "the application was disabled",
  impersonation_off: "impersonation was turned off",
  policy_forbids: "a policy forbids it",
  rules_changed: "the rules changed",
  identity_not_applied: "the app did not show the user",
  clock_doubt: "the clock was set",
  approval_withdrawn: "an approval was taken back",
};

/** The same to the session's own actor, as a sentence. */
export function overBecause(cause: EndCause): string {
  return cause === "ended_by_actor"
    ? "You ended the session."
    : `It is over: ${END_CAUSES[cause]}.`;
}

export const GRANT_STATUSES: Record<GrantStatus, string> = {
  pending: "Waits for approval",
  ready: "Ready to launch",
  active: "In use",
  closed: "Over",
  denied: "Refused",
  cancelled: "Cancelled",
  expired: "Never launched",
};

export const SCOPES: Record<Scope, { name: string; means: string }> = {
  read_only: { name: "Read only", means: "Look around; every change is refused." },
  full: { name: "Full", means: "Act as the user, except for what is blocked." },
};

/** What stands in place of a reason that was erased. */
export const FORGOTTEN = "(erased)";
