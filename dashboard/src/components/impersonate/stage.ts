import type { Grant, Session } from "../../api/types";

/** How far a grant has come, as its actor sees it. */
export type Stage = "pending" | "ready" | "waiting" | "live" | "over";

export function stageOf(grant: Grant, session: Session | undefined, launched: boolean): Stage {
  if (session !== undefined) return session.ended_at === null ? "live" : "over";
  if (grant.status === "pending") return "pending";
  if (grant.status === "ready") return launched ? "waiting" : "ready";
  // Active, and the session not read yet: the app has it already.
  return grant.status === "active" ? "waiting" : "over";
}
