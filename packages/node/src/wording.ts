/** What people read: why a session is over, and what was not done. */

import type { EndCause } from "./core/sessions.ts";
import { OWN } from "./pageMarks.ts";
import type { ActiveSession } from "./values.ts";

const CAUSES: Readonly<Record<EndCause, string>> = {
  ended_by_actor: "You ended it.",
  revoked: "Somebody with the right to do so revoked it.",
  time_limit: "Its time was up.",
  idle: "Nothing had happened in it for a while.",
  relaunched: "It was launched again, and goes on in another window.",
  replaced: "You launched another one in this browser, and it took its place.",
  token_replayed: "Its one-time token was used twice, so it may have been stolen.",
  grant_cancelled: "The permission for it was withdrawn.",
  actor_inactive: "Your account was disabled.",
  actor_not_allowed: "You are not allowed to impersonate any more.",
  subject_inactive: "The user's account was disabled or deleted.",
  subject_protected: "The user may not be impersonated any more.",
  consent_withdrawn: "The user does not agree to it any more.",
  application_inactive: "Impersonation of this app's users was stopped.",
  impersonation_off: "Impersonation was turned off for this app.",
  policy_forbids: "A policy of this app forbids it by now.",
  rules_changed: "The rules for it have changed.",
  identity_not_applied: "This app did not show the user whom it should have shown.",
  clock_doubt: "The service's clock was set, so nobody knows how long it has lasted.",
  approval_withdrawn: "Somebody who had agreed to it took that back.",
};
const DETAILS: ReadonlyMap<string, string> = new Map([
  ["duplicate_cookie", "The request carries two session cookies. Clear them, then try again."],
  [
    "ambiguous_credentials",
    "The request carries an impersonation session and an Authorization header. " +
      "Send only one of them.",
  ],
  ["unavailable", "Understudy cannot be reached, so nothing was done. Try again shortly."],
  [
    "forbidden_while_impersonating",
    "This cannot be done while impersonating. Only the user themself may.",
  ],
  ["cross_site_refused", "The request came from another site and was refused."],
  ["app_failed", "The app failed while it answered. It may have changed something all the same."],
  ["another_origin", "This session is open at another address. Launch it again from Understudy."],
  [
    "page_of_another_session",
    "The page that sent this belongs to another session than the one in this browser, " +
      "so nothing was done.",
  ],
  [
    "page_unmarked",
    "The request does not say whose page it comes from, and this browser has worked as more " +
      "than one user, so nothing was done. Pages that cannot run Understudy's script are read " +
      "only meanwhile.",
  ],
  ["service_worker_refused", "Service workers are not installed while impersonating."],
  ["not_found", "There is nothing here."],
  ["nested", "End the present session before you start another."],
  ["start_under_way", "A start of yours is under way already. Wait for it."],
  [
    "start_at_origin",
    "Sessions of this app have addresses of their own. Start this one from Understudy.",
  ],
  ["outcome_unknown", "Whether the session has begun is not known. Start it once more."],
  ["subject_unavailable", "This user cannot be impersonated."],
  ["consent_by_staff", "Staff do not agree for users, nor as users. Ask the user."],
  ["origin_refused", "Live connections are only open to this app's own pages."],
]);

/** Why a session is over, in one sentence. */
export function causeText(cause: EndCause | null): string {
  return cause === null ? "It has ended, or never existed." : CAUSES[cause];
}

/** Why a request was refused, in one sentence or two. */
export function refusalText(code: string, label: string | null = null): string {
  if (code === "action_blocked") {
    const asks = "Ask the user to do it, or an admin to unblock it.";
    return `“${label}” is blocked while impersonating. ${asks}`;
  }
  if (code === "read_only") return `This session is read-only: no ${label}.`;
  return DETAILS.get(code) ?? "The request was refused.";
}

/** In which fields a change is another than the one that was allowed. */
export function differsText(names: readonly string[]): string {
  return `It is another change than the one that was allowed, by: ${names.join(", ")}.`;
}

/** Whose page it was from which a request came; `session` is that of `mark`, if known. */
export function pageText(mark: string | null, session: ActiveSession | null): string {
  if (mark === OWN) return "as yourself";
  return session === null ? "in another session" : `as ${subjectText(session)}`;
}

/** Whom a session shows, as people call them. */
export function subjectText(session: ActiveSession | null): string {
  if (session === null) return "another user";
  const { subject } = session;
  return subject.name || subject.email || subject.id;
}
