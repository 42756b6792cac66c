import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { ImportReport, PresetName, Subject } from "./types";

const PAGE = 50;

export interface SubjectFilter {
  application_id: string;
  query?: string | undefined;
  organization_id?: string | undefined;
}

export function subjectsQuery(filter: SubjectFilter) {
  return infiniteQueryOptions({
    queryKey: ["subjects", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return answer(client.GET("/api/v1/subjects", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function subjectQuery(applicationId: string, subjectId: string) {
  return queryOptions({
    queryKey: ["subjects", applicationId, subjectId],
    queryFn: ({ signal }) => {
      const params = {
        path: { subject_id: subjectId },
        query: { application_id: applicationId },
      };
      return answer(client.GET("/api/v1/subjects/{subject_id}", { params, signal }));
    },
  });
}

/** What was done in a user's account, session by session, newest first. */
export function historyQuery(applicationId: string, subjectId: string) {
  return infiniteQueryOptions({
    queryKey: ["subjects", applicationId, subjectId, "history"],
    queryFn: ({ pageParam, signal }) => {
      const params = {
        path: { subject_id: subjectId },
        query: {
          application_id: applicationId,
          limit: PAGE,
          ...(pageParam && { cursor: pageParam }),
        },
      };
      return answer(client.GET("/api/v1/subjects/{subject_id}/history", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function organizationsQuery(applicationId: string, text: string) {
  return queryOptions({
    queryKey: ["organizations", applicationId, text],
    queryFn: ({ signal }) => {
      const query = { application_id: applicationId, limit: PAGE, ...(text && { query: text }) };
      return answer(client.GET("/api/v1/organizations", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** Saves what is said of a subject: what is absent stays, and null takes away. */
export function saveSubject(subject: Subject): Promise<Subject> {
  const params = {
    path: { subject_id: subject.id },
    query: { application_id: subject.application_id },
  };
  const { email, name, organization, roles } = subject;
  const body = {
    email,
    name,
    organization_id: organization?.id ?? null,
    roles,
    protected: subject.protected,
  };
  return answer(client.PUT("/api/v1/subjects/{subject_id}", { params, body }));
}

/** Saves the tags of a subject, and nothing else that is said of it. */
export function saveTags(subject: Subject, tags: string[]): Promise<Subject> {
  const params = {
    path: { subject_id: subject.id },
    query: { application_id: subject.application_id },
  };
  return answer(client.PUT("/api/v1/subjects/{subject_id}", { params, body: { tags } }));
}

/**
 * How a file says what we ask for: whose export it is, and pairs of `ours=theirs`. A file to `sync`
 * with holds everybody.
 */
export interface Reading {
  preset?: PresetName | undefined;
  map: string[];
  mode?: "sync" | undefined;
}

/** `partial` saves rows without a problem although others have some. */
export interface Agreed {
  partial?: boolean | undefined;
  remove_at_most?: number | undefined;
}

/** What a file would bring in; nothing is saved. */
export function previewQuery(applicationId: string, file: File, reading: Reading) {
  return queryOptions({
    queryKey: ["import", applicationId, file.name, file.size, file.lastModified, reading],
    queryFn: ({ signal }) =>
      answer(
        client.POST("/api/v1/subjects/import/preview", {
          params: { query: { application_id: applicationId, ...reading } },
          ...asItIs(file),
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
}

/** Users from a file. */
export function importSubjects(
  applicationId: string,
  file: File,
  reading: Reading,
  agreed: Agreed,
): Promise<ImportReport> {
  const query = { application_id: applicationId, ...reading, ...agreed };
  return answer(client.POST("/api/v1/subjects/import", { params: { query }, ...asItIs(file) }));
}

/** The body of a call: large files are not read into the text that the schema speaks of. */
function asItIs(file: File) {
  const kind = MEDIA.find(([ending]) => ending.test(file.name))?.[1] ?? "text/csv";
  return { headers: { "Content-Type": kind }, body: "", bodySerializer: () => file };
}

const MEDIA: [RegExp, string][] = [
  [/\.(ndjson|jsonl)$/i, "application/x-ndjson"],
  [/\.json$/i, "application/json"],
];
