import { queryOptions } from "@tanstack/react-query";
import { answer, client, once } from "./client";
import type { Hold, PlaceHold } from "./types";

export function holdsQuery(applicationId: string) {
  return queryOptions({
    queryKey: ["holds", applicationId],
    queryFn: ({ signal }) => {
      const query = { application_id: applicationId };
      return answer(client.GET("/api/v1/holds", { params: { query }, signal }));
    },
    select: (page) => page.items,
  });
}

export function placeHold(body: PlaceHold): Promise<Hold> {
  return answer(client.POST("/api/v1/holds", { body, headers: once() }));
}

export function releaseHold(holdId: string): Promise<Hold> {
  const params = { path: { hold_id: holdId } };
  return answer(client.POST("/api/v1/holds/{hold_id}/release", { params }));
}
