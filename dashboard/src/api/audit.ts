import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { EventType, Outcome } from "./types";

const PAGE = 50;

export interface EntryFilter {
  application_id?: string | undefined;
  type?: EventType[] | undefined;
  actor_id?: string | undefined;
  subject_id?: string | undefined;
  organization_id?: string | undefined;
  grant_id?: string | undefined;
  session_id?: string | undefined;
  outcome?: Outcome | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

export function entriesQuery(filter: EntryFilter) {
  return infiniteQueryOptions({
    queryKey: ["entries", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return answer(client.GET("/api/v1/audit/entries", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function entryQuery(index: number) {
  return queryOptions({
    queryKey: ["entries", index],
    queryFn: ({ signal }) => {
      const params = { path: { index } };
      return answer(client.GET("/api/v1/audit/entries/{index}", { params, signal }));
    },
  });
}

export function receiptQuery(index: number) {
  return queryOptions({
    queryKey: ["receipts", index],
    queryFn: ({ signal }) => {
      const params = { path: { index } };
      return answer(client.GET("/api/v1/audit/entries/{index}/receipt", { params, signal }));
    },
  });
}

export const logQuery = queryOptions({
  queryKey: ["log"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/audit/log", { signal })),
  staleTime: 10_000,
});
