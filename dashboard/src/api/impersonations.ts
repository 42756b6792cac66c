import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { Grant, Session, StartImpersonation } from "./types";

const PAGE = 50;

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

export function endSession(sessionId: string): Promise<Session> {
  const params = { path: { session_id: sessionId } };
  return answer(client.POST("/api/v1/sessions/{session_id}/end", { params, body: {} }));
}

export function revokeSession(sessionId: string): Promise<Session> {
  const params = { path: { session_id: sessionId } };
  return answer(client.POST("/api/v1/sessions/{session_id}/revoke", { params }));
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
