import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { EndedSession, Grant, StartImpersonation } from "./types";
import { untilLogged } from "./unlogged";

const PAGE = 50;
const ENDING_POLL = 1_000;

/** Asks for a grant. Sent again under the same `key`, it is the same request. */
export function startImpersonation(body: StartImpersonation, key: string): Promise<Grant> {
  const headers = { "Idempotency-Key": key };
  const started = answer(client.POST("/api/v1/impersonations", { body, headers }));
  return started.then(({ grant }) => grant);
}

export function cancelGrant(grantId: string): Promise<Grant> {
  const params = { path: { grant_id: grantId } };
  return answer(client.POST("/api/v1/grants/{grant_id}/cancel", { params }));
}

/** Ends one's own session, and tells the service until its log has it. */
export function endSession(sessionId: string): Promise<EndedSession> {
  const params = { path: { session_id: sessionId } };
  return untilLogged(sessionId, () =>
    answer(client.POST("/api/v1/sessions/{session_id}/end", { params, body: {} })),
  );
}

/** Ends somebody's session, and tells the service until its log has it. */
export function revokeSession(sessionId: string): Promise<EndedSession> {
  const params = { path: { session_id: sessionId } };
  return untilLogged(sessionId, () =>
    answer(client.POST("/api/v1/sessions/{session_id}/revoke", { params })),
  );
}

/** Ends every live session of one application, or of all, and cancels what waits. */
export function revokeAllSessions(applicationId?: string) {
  const body = applicationId ? { application_id: applicationId } : { everything: true };
  return answer(client.POST("/api/v1/sessions/revoke", { body }));
}

export interface PartiesFilter {
  application_id?: string | undefined;
  actor_id?: string | undefined;
  subject_id?: string | undefined;
}

export interface SessionFilter extends PartiesFilter {
  grant_id?: string | undefined;
  state?: "live" | "over" | undefined;
}

export function sessionsQuery(filter: SessionFilter) {
  return infiniteQueryOptions({
    queryKey: ["sessions", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return answer(client.GET("/api/v1/sessions", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

/** One session; asked again while it lives, until its end is known. */
export function sessionQuery(sessionId: string | undefined) {
  return queryOptions({
    queryKey: ["sessions", "one", sessionId],
    queryFn: ({ signal }) => {
      const params = { path: { session_id: sessionId ?? "" } };
      return answer(client.GET("/api/v1/sessions/{session_id}", { params, signal }));
    },
    enabled: sessionId !== undefined,
    retry: false,
    refetchInterval: ({ state }) => (state.data?.ended_at === null ? ENDING_POLL : false),
  });
}

export function grantsQuery(filter: PartiesFilter) {
  return queryOptions({
    queryKey: ["grants", filter],
    queryFn: ({ signal }) => {
      const query = { ...filter, limit: PAGE };
      return answer(client.GET("/api/v1/grants", { params: { query }, signal }));
    },
  });
}

export function grantQuery(grantId: string) {
  return queryOptions({
    queryKey: ["grants", grantId],
    queryFn: ({ signal }) => {
      const params = { path: { grant_id: grantId } };
      return answer(client.GET("/api/v1/grants/{grant_id}", { params, signal }));
    },
  });
}
