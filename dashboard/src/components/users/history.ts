import type { Grant, PastSession, Session } from "../../api/types";

/** One time that somebody was in an account, or asked to be. */
export interface Visit {
  id: string;
  at: string;
  grant?: Grant;
  session?: Session;
  /** What was done in the session, once that is loaded. */
  past?: PastSession;
}

/** Sessions, and the grants that never became one, newest first. */
export function historyOf(sessions: Session[], grants: Grant[], past: PastSession[]): Visit[] {
  const done = new Map(past.map((one) => [one.session_id, one]));
  const used = new Set(sessions.map(({ grant_id }) => grant_id));
  const asked = grants.filter(({ id, status }) => !used.has(id) && NEVER_USED.has(status));
  const visits: Visit[] = [
    ...sessions.map((session) => ({
      id: session.id,
      at: session.started_at,
      session,
      ...withPast(done.get(session.id)),
    })),
    ...asked.map((grant) => ({ id: grant.id, at: grant.created_at, grant })),
  ];
  return visits.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** `14 pages read, 2 changes, 1 refused`; what did not happen is not named. */
export function doneIn({ reads, changes, refused }: NonNullable<PastSession["actions"]>): string {
  const told = [
    counted(reads, "page read", "pages read"),
    counted(changes, "change", "changes"),
    counted(refused, "refused", "refused"),
  ].filter((one) => one !== null);
  return told.length > 0 ? told.join(", ") : "nothing done";
}

function counted(count: number, one: string, many: string): string | null {
  if (count === 0) return null;
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

function withPast(past: PastSession | undefined): { past?: PastSession } {
  return past === undefined ? {} : { past };
}

// Active and closed grants have a session; it may be on a page that is not loaded yet.
const NEVER_USED = new Set<Grant["status"]>(["pending", "ready", "denied", "cancelled", "expired"]);
