import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { printSearch } from "../router/plain";
import { pathOf } from "./base";
import { answer, client } from "./client";
import { serverNow } from "./clock";
import { problemFrom } from "./problem";
import { instantOf } from "./time-range";
import type { Entry, Outcome, Receipt } from "./types";

const PAGE = 50;
const ERASED = "audit.erased";

export interface EntryFilter {
  application_id?: string | undefined;
  type?: string[] | undefined;
  actor_id?: string | undefined;
  subject_id?: string | undefined;
  organization_id?: string | undefined;
  grant_id?: string | undefined;
  session_id?: string | undefined;
  outcome?: Outcome | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** How an export is written. */
export type ExportFormat = "ndjson" | "csv" | "ocsf" | "ecs" | "cef";

/** What the service is asked; "the last hour" ends at `now`. */
function conditions(filter: EntryFilter, now: number): EntryFilter {
  return { ...filter, since: instantOf(filter.since, now) };
}

interface Place {
  cursor: string;
  now: number;
}

const FIRST: Place | null = null;

export function entriesQuery(filter: EntryFilter) {
  return infiniteQueryOptions({
    queryKey: ["entries", "list", filter],
    queryFn: async ({ pageParam, signal }) => {
      // All pages of one list count from the same now.
      const now = pageParam?.now ?? serverNow();
      const place = pageParam === null ? {} : { cursor: pageParam.cursor };
      const query = { ...conditions(filter, now), limit: PAGE, ...place };
      const page = await answer(client.GET("/api/v1/audit/entries", { params: { query }, signal }));
      return { ...page, now };
    },
    initialPageParam: FIRST as Place | null,
    getNextPageParam: ({ next_cursor, now }): Place | null =>
      next_cursor === null ? null : { cursor: next_cursor, now },
    placeholderData: keepPreviousData,
  });
}

/** Where the entries of a filter can be downloaded. */
export function exportPath(format: ExportFormat, filter: EntryFilter, now: number): string {
  const path = pathOf("/api/v1/audit/export");
  return path + printSearch({ format, ...conditions(filter, now) });
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

const ERASURES = 100;
const ERASURE_PAGES = 10;

/**
 * The entry that tells of an entry's erasure: the newest one that `covers` it. Null when it is not
 * among those that are looked through.
 */
export function erasureOfQuery({ index, time }: Entry, covers: (erasure: Entry) => boolean) {
  return queryOptions({
    queryKey: ["entries", index, "erasure"],
    queryFn: async ({ signal }): Promise<Entry | null> => {
      let place = {};
      for (let page = 0; page < ERASURE_PAGES; page += 1) {
        const query = { type: [ERASED], since: time, limit: ERASURES, ...place };
        const call = client.GET("/api/v1/audit/entries", { params: { query }, signal });
        const { items, next_cursor } = await answer(call);
        const found = items.find(covers);
        if (found !== undefined) return found;
        if (next_cursor === null) return null;
        place = { cursor: next_cursor };
      }
      return null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function receiptQuery(index: number) {
  return queryOptions({
    queryKey: ["receipts", index],
    queryFn: async ({ signal }): Promise<Receipt> => {
      const params = { path: { index } };
      const call = client.GET("/api/v1/audit/entries/{index}/receipt", { params, signal });
      const receipt = await answer(call);
      // The endpoint can answer the bare proof, too; we never ask for that.
      if (typeof receipt === "string") throw problemFrom(406, null);
      return receipt;
    },
  });
}

export const logQuery = queryOptions({
  queryKey: ["log"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/audit/log", { signal })),
  staleTime: 10_000,
});
