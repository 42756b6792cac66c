import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";

/** The changes that wait for somebody to decide, oldest first. */
export const changesQuery = queryOptions({
  queryKey: ["changes"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/unlocks", { signal })),
  select: (page) => page.items,
});

export function allowChange(id: string) {
  const params = { path: { unlock_id: id } };
  return answer(client.POST("/api/v1/unlocks/{unlock_id}/allow", { params }));
}

export function refuseChange(id: string) {
  const params = { path: { unlock_id: id } };
  return answer(client.POST("/api/v1/unlocks/{unlock_id}/refuse", { params }));
}
