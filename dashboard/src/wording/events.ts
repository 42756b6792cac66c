import type { EventType } from "../api/types";

export type EventGroup =
  | "Sessions"
  | "Requests"
  | "Actions"
  | "Alerts"
  | "Team"
  | "Setup"
  | "Users"
  | "Audit";

interface EventWords {
  group: EventGroup;
  /** What happened, in the past tense, as it stands after the actor's name. */
  did: string;
}

/** Every type of audit entry, in words. The order is the order of the filter. */
export const EVENT_WORDS: Record<EventType, EventWords> = {
  "session.started": { group: "Sessions", did: "started a session" },
  "session.ended": { group: "Sessions", did: "ended a session" },
  "session.expired": { group: "Sessions", did: "Session expired" },
  "session.revoked": { group: "Sessions", did: "Session revoked" },
  "grant.created": { group: "Requests", did: "was permitted to impersonate" },
  "grant.denied": { group: "Requests", did: "was refused" },
  "grant.launched": { group: "Requests", did: "launched the app" },
  "grant.cancelled": { group: "Requests", did: "Request cancelled" },
  "grant.expired": { group: "Requests", did: "Request lapsed" },
  "action.intended": { group: "Actions", did: "was about to change something" },
  "action.completed": { group: "Actions", did: "made a request" },
  "action.blocked": { group: "Actions", did: "was blocked" },
  "token.refused": { group: "Alerts", did: "A token was refused" },
  "token.replayed": { group: "Alerts", did: "A token was used twice" },
  "operator.invited": { group: "Team", did: "invited a colleague" },
  "operator.joined": { group: "Team", did: "joined the team" },
  "operator.updated": { group: "Team", did: "changed a colleague" },
  "operator.disabled": { group: "Team", did: "disabled a colleague" },
  "operator.enabled": { group: "Team", did: "enabled a colleague" },
  "operator.signed_in": { group: "Team", did: "signed in" },
  "operator.signed_out": { group: "Team", did: "signed out" },
  "operator.sign_in_failed": { group: "Team", did: "Sign-in failed" },
  "operator.password_changed": { group: "Team", did: "changed their password" },
  "application.created": { group: "Setup", did: "created an application" },
  "application.updated": { group: "Setup", did: "changed an application" },
  "application.disabled": { group: "Setup", did: "disabled an application" },
  "application.secret_rotated": { group: "Setup", did: "rotated a secret" },
  "installation.created": { group: "Setup", did: "Installation created" },
  "keys.rotated": { group: "Setup", did: "Keys rotated" },
  "subjects.imported": { group: "Users", did: "imported users" },
  "subject.saved": { group: "Users", did: "saved a user" },
  "subject.deleted": { group: "Users", did: "deleted a user" },
  "organization.saved": { group: "Users", did: "saved an organization" },
  "organization.deleted": { group: "Users", did: "deleted an organization" },
  "audit.exported": { group: "Audit", did: "exported the log" },
  "audit.erased": { group: "Audit", did: "Payloads erased" },
};
