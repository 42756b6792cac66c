import type { EntryFilter } from "../api/audit";
import { isRelative } from "../api/time-range";
import type { DeliveryStatus, Outcome } from "../api/types";
import { DELIVERY_STATUSES } from "../wording/deliveries";

type Raw = Record<string, unknown>;

export interface SignInSearch {
  next?: string | undefined;
}

export interface UsersSearch {
  application_id?: string | undefined;
  query?: string | undefined;
  organization_id?: string | undefined;
}

export interface UserSearch {
  application_id?: string | undefined;
  impersonate?: true | undefined;
  reason?: string | undefined;
  ticket?: string | undefined;
  /** The session from which one comes back. */
  ended?: string | undefined;
}

export interface EndedSearch {
  session?: string | undefined;
}

export interface SessionsSearch {
  application_id?: string | undefined;
  state?: "over" | undefined;
  actor_id?: string | undefined;
  subject_id?: string | undefined;
}

export type AuditSearch = EntryFilter;

export interface WebhookSearch {
  status?: DeliveryStatus | undefined;
}

export function signInSearch(raw: Raw): SignInSearch {
  return { next: localPath(text(raw.next)) };
}

export function usersSearch(raw: Raw): UsersSearch {
  return {
    application_id: text(raw.application_id),
    query: text(raw.query),
    organization_id: text(raw.organization_id),
  };
}

export function userSearch(raw: Raw): UserSearch {
  return {
    application_id: text(raw.application_id),
    impersonate: "impersonate" in raw && raw.impersonate !== undefined ? true : undefined,
    reason: text(raw.reason),
    ticket: text(raw.ticket),
    ended: text(raw.ended),
  };
}

export function endedSearch(raw: Raw): EndedSearch {
  return { session: text(raw.session) };
}

export function sessionsSearch(raw: Raw): SessionsSearch {
  return {
    application_id: text(raw.application_id),
    state: raw.state === "over" ? "over" : undefined,
    actor_id: text(raw.actor_id),
    subject_id: text(raw.subject_id),
  };
}

export function auditSearch(raw: Raw): AuditSearch {
  const types = [raw.type].flat().filter(looksLikeType);
  return {
    application_id: text(raw.application_id),
    type: types.length > 0 ? types : undefined,
    actor_id: text(raw.actor_id),
    subject_id: text(raw.subject_id),
    organization_id: text(raw.organization_id),
    grant_id: text(raw.grant_id),
    session_id: text(raw.session_id),
    outcome: isOutcome(raw.outcome) ? raw.outcome : undefined,
    since: since(raw.since),
    until: instant(raw.until),
  };
}

export function webhookSearch(raw: Raw): WebhookSearch {
  return { status: isDeliveryStatus(raw.status) ? raw.status : undefined };
}

/** A path within the dashboard, or nothing: a link must not lead elsewhere after signing in. */
export function localPath(value: string | undefined): string | undefined {
  if (value === undefined || !value.startsWith("/") || value.includes("\\")) return undefined;
  const url = new URL(value, "http://dashboard.invalid");
  return url.host === "dashboard.invalid" && !value.startsWith("//") ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function since(value: unknown): string | undefined {
  return typeof value === "string" && isRelative(value) ? value : instant(value);
}

function instant(value: unknown): string | undefined {
  return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

/** Also a type that only a newer service knows; the service refuses what none can be. */
function looksLikeType(value: unknown): value is string {
  return typeof value === "string" && /^[a-z_]{1,32}\.[a-z_]{1,31}$/.test(value);
}

function isOutcome(value: unknown): value is Outcome {
  return value === "ok" || value === "denied" || value === "failed";
}

function isDeliveryStatus(value: unknown): value is DeliveryStatus {
  return typeof value === "string" && Object.hasOwn(DELIVERY_STATUSES, value);
}
