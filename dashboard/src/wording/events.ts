import type { EventType } from "../api/types";
import type { Tone } from "../ui/Pill";

export const EVENT_GROUPS = [
  "Sessions",
  "Requests",
  "Actions",
  "Alerts",
  "Team",
  "Applications",
  "Webhooks",
  "Users",
  "Log",
] as const;

export type EventGroup = (typeof EVENT_GROUPS)[number];

interface EventWords {
  group: EventGroup;
  label: string;
  /** What the eye should find; most entries are quiet. */
  tone?: Tone;
}

/** Every type of audit entry, in words. The order is that of the filter. */
export const EVENT_WORDS: Record<EventType, EventWords> = {
  "session.started": { group: "Sessions", label: "Session started", tone: "live" },
  "session.ended": { group: "Sessions", label: "Session ended" },
  "session.expired": { group: "Sessions", label: "Session expired" },
  "session.revoked": { group: "Sessions", label: "Session revoked", tone: "bad" },
  "grant.created": { group: "Requests", label: "Impersonation permitted", tone: "calm" },
  "grant.denied": { group: "Requests", label: "Impersonation refused", tone: "bad" },
  "grant.launched": { group: "Requests", label: "App launched" },
  "grant.cancelled": { group: "Requests", label: "Request cancelled" },
  "grant.expired": { group: "Requests", label: "Request lapsed" },
  "action.intended": { group: "Actions", label: "Change begun" },
  "action.completed": { group: "Actions", label: "Request made" },
  "action.blocked": { group: "Actions", label: "Request blocked", tone: "bad" },
  "token.refused": { group: "Alerts", label: "Token refused", tone: "bad" },
  "token.replayed": { group: "Alerts", label: "Token used twice", tone: "bad" },
  "operator.invited": { group: "Team", label: "Colleague invited" },
  "operator.joined": { group: "Team", label: "Colleague joined" },
  "operator.updated": { group: "Team", label: "Colleague changed" },
  "operator.disabled": { group: "Team", label: "Colleague disabled" },
  "operator.enabled": { group: "Team", label: "Colleague enabled" },
  "operator.signed_in": { group: "Team", label: "Signed in" },
  "operator.signed_out": { group: "Team", label: "Signed out" },
  "operator.sign_in_failed": { group: "Team", label: "Sign-in failed", tone: "bad" },
  "operator.password_changed": { group: "Team", label: "Password changed" },
  "application.created": { group: "Applications", label: "Application created" },
  "application.updated": { group: "Applications", label: "Settings changed" },
  "application.disabled": { group: "Applications", label: "Application disabled" },
  "application.secret_rotated": { group: "Applications", label: "Secret rotated" },
  "webhook.created": { group: "Webhooks", label: "Webhook added" },
  "webhook.updated": { group: "Webhooks", label: "Webhook changed" },
  "webhook.disabled": { group: "Webhooks", label: "Webhook disabled", tone: "bad" },
  "webhook.deleted": { group: "Webhooks", label: "Webhook deleted" },
  "webhook.replayed": { group: "Webhooks", label: "Delivery sent again" },
  "webhook.secret_rotated": { group: "Webhooks", label: "Webhook secret rotated" },
  "subjects.imported": { group: "Users", label: "Users imported" },
  "subject.saved": { group: "Users", label: "User saved" },
  "subject.deleted": { group: "Users", label: "User deleted" },
  "organization.saved": { group: "Users", label: "Organization saved" },
  "organization.deleted": { group: "Users", label: "Organization deleted" },
  "hold.placed": { group: "Log", label: "Legal hold placed", tone: "calm" },
  "hold.released": { group: "Log", label: "Legal hold released" },
  "installation.created": { group: "Log", label: "Installation created" },
  "keys.rotated": { group: "Log", label: "Keys rotated" },
  "audit.exported": { group: "Log", label: "Log exported" },
  "audit.erased": { group: "Log", label: "Payloads erased" },
};

/** The types of one group. */
export function typesOf(group: EventGroup): EventType[] {
  const all = Object.entries(EVENT_WORDS) as [EventType, EventWords][];
  return all.filter(([, words]) => words.group === group).map(([type]) => type);
}
