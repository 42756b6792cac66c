import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { ApprovalRequest, Approve, Grant, Review } from "./types";

const PAGE = 50;

/** Requests that wait until others agree, newest first. */
export const approvalsQuery = infiniteQueryOptions({
  queryKey: ["grants", "approvals"],
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }) };
    return answer(client.GET("/api/v1/approvals", { params: { query }, signal }));
  },
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
});

/** What others said to one grant. */
export function grantApprovalsQuery(grantId: string) {
  return queryOptions({
    queryKey: ["grants", grantId, "approvals"],
    queryFn: ({ signal }): Promise<ApprovalRequest> => {
      const params = { path: { grant_id: grantId } };
      return answer(client.GET("/api/v1/grants/{grant_id}/approvals", { params, signal }));
    },
  });
}

/** Reviews of what was done without approval; those that are open, or all. */
export function reviewsQuery(state: "open" | "all") {
  return infiniteQueryOptions({
    queryKey: ["grants", "reviews", state],
    queryFn: ({ pageParam, signal }) => {
      const query = { state, limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return answer(client.GET("/api/v1/reviews", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function approveGrant(grantId: string, body: Approve): Promise<Grant> {
  const params = { path: { grant_id: grantId } };
  return answer(client.POST("/api/v1/grants/{grant_id}/approve", { params, body }));
}

/** Says no, or takes one's agreement back. */
export function denyGrant(grantId: string, note: string): Promise<Grant> {
  const params = { path: { grant_id: grantId } };
  const body = note === "" ? {} : { note };
  return answer(client.POST("/api/v1/grants/{grant_id}/deny", { params, body }));
}

export function closeReview(reviewId: string, note: string): Promise<Review> {
  const params = { path: { review_id: reviewId } };
  return answer(client.POST("/api/v1/reviews/{review_id}/close", { params, body: { note } }));
}
