import { queryOptions } from "@tanstack/react-query";
import { answer, client, once } from "./client";
import type {
  Application,
  ApplicationSecret,
  CreateApplication,
  RedactionTried,
  TryRedaction,
  UpdateApplication,
} from "./types";

export const applicationsQuery = queryOptions({
  queryKey: ["applications"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/applications", { signal })),
  select: (page) => page.items,
  staleTime: 30_000,
});

/** Which roles that users hold have no rank; it changes with the users as with the settings. */
export function unrankedRolesQuery(id: string) {
  return queryOptions({
    queryKey: ["applications", id, "unranked-roles"],
    queryFn: ({ signal }) => {
      const params = { path: { application_id: id } };
      return answer(
        client.GET("/api/v1/applications/{application_id}/unranked-roles", { params, signal }),
      );
    },
    staleTime: 30_000,
  });
}

export function createApplication(body: CreateApplication): Promise<ApplicationSecret> {
  return answer(client.POST("/api/v1/applications", { body, headers: once() }));
}

export function updateApplication(id: string, body: UpdateApplication): Promise<Application> {
  const params = { path: { application_id: id } };
  return answer(client.PATCH("/api/v1/applications/{application_id}", { params, body }));
}

export function rotateSecret(id: string, overlapMinutes: number): Promise<ApplicationSecret> {
  return answer(
    client.POST("/api/v1/applications/{application_id}/rotate-secret", {
      params: { path: { application_id: id } },
      body: { overlap_minutes: overlapMinutes },
      headers: once(),
    }),
  );
}

/** What would be seen of a sample; nothing of it is kept. */
export function tryRedaction(id: string, body: TryRedaction): Promise<RedactionTried> {
  const params = { path: { application_id: id } };
  return answer(
    client.POST("/api/v1/applications/{application_id}/redaction/try", { params, body }),
  );
}
