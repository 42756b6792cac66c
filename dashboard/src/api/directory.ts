import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { ImportReport, Subject } from "./types";

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

/** Users from a CSV or NDJSON file. With `partial`, rows without a problem are saved all the same. */
export function importSubjects(
  applicationId: string,
  file: File,
  partial: boolean,
): Promise<ImportReport> {
  const kind = /\.(ndjson|jsonl)$/i.test(file.name) ? "application/x-ndjson" : "text/csv";
  const query = { application_id: applicationId, ...(partial && { partial }) };
  return answer(
    client.POST("/api/v1/subjects/import", {
      params: { query },
      headers: { "Content-Type": kind },
      // The file goes as it is: large ones are not read into the text that the schema speaks of.
      body: "",
      bodySerializer: () => file,
    }),
  );
}
