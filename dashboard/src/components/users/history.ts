import type { Grant, Session } from "../../api/types";

/** One time that somebody was in an account, or asked to be. */
export interface Visit {
  id: string;
  at: string;
  grant?: Grant;
  session?: Session;
}

/** Sessions, and the grants that never became one, newest first. */
export function historyOf(sessions: Session[], grants: Grant[]): Visit[] {
  const used = new Set(sessions.map(({ grant_id }) => grant_id));
  const asked = grants.filter(({ id, status }) => !used.has(id) && NEVER_USED.has(status));
  const visits: Visit[] = [
    ...sessions.map((session) => ({ id: session.id, at: session.started_at, session })),
    ...asked.map((grant) => ({ id: grant.id, at: grant.created_at, grant })),
  ];
  return visits.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

// Active and closed grants have a session; it may be on a page that is not loaded yet.
const NEVER_USED = new Set<Grant["status"]>(["pending", "ready", "denied", "cancelled", "expired"]);
