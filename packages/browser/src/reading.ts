import type { BlockedAction, Impersonation, Person, Started, Status } from "./values.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The status in an answer; null when the answer does not say one. */
export function readStatus(body: unknown): Status | null {
  if (!isFields(body)) return null;
  if (body.impersonating === false) {
    return { impersonating: false, cause: textOf(body.cause), message: textOf(body.message) };
  }
  return body.impersonating === true ? readImpersonation(body) : null;
}

/** What a start has led to; null when the answer does not say that it began. */
export function readStarted(body: unknown): Started | null {
  if (!isFields(body) || body.started !== true || typeof body.home !== "string") return null;
  return { session: textOf(body.session), home: body.home };
}

/** Where the browser goes from an end; null when the answer does not say that the session ended. */
export function readLeft(body: unknown): string | null {
  return isFields(body) && body.ended === true ? textOf(body.return_to) : null;
}

/** An object of JSON. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text, null for everything else. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function readImpersonation(body: Fields): Impersonation | null {
  const subject = readPerson(body.subject);
  const actor = readPerson(body.actor);
  const endsAt = readTime(body.ends_at);
  const idleEndsAt = readTime(body.idle_ends_at);
  const serverNow = readTime(body.server_now);
  const { session, scope } = body;
  if (typeof session !== "string" || (scope !== "full" && scope !== "read_only")) return null;
  if (!subject || !actor || !endsAt || !idleEndsAt || !serverNow) return null;
  const blockedActions = readBlocked(body.blocked_actions);
  const times = { endsAt, idleEndsAt, serverNow };
  return { impersonating: true, session, subject, actor, scope, blockedActions, ...times };
}

function readPerson(value: unknown): Person | null {
  if (!isFields(value) || typeof value.id !== "string") return null;
  return { id: value.id, email: textOf(value.email), name: textOf(value.name) };
}

function readBlocked(value: unknown): readonly BlockedAction[] {
  const actions: readonly unknown[] = Array.isArray(value) ? value : [];
  return actions.filter(isFields).map((action) => ({
    method: textOf(action.method) ?? "",
    pattern: textOf(action.pattern) ?? "",
    label: textOf(action.label) ?? "",
  }));
}

function readTime(value: unknown): Date | null {
  const time = new Date(textOf(value) ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
}
