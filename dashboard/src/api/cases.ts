import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { Case } from "./types";

/** Which cases: those that nobody has looked into, those whose actor is frozen, or all. */
export type Which = "open" | "frozen" | "all";

const PAGE = 50;
const ASKED: Record<Which, { all?: boolean; frozen?: boolean }> = {
  open: {},
  frozen: { frozen: true },
  all: { all: true },
};

/** What users did not agree to, newest first. */
export function casesQuery(which: Which) {
  return infiniteQueryOptions({
    queryKey: ["cases", which],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...ASKED[which], limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return answer(client.GET("/api/v1/cases", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Says what was found; with `lift` its actor may work again. */
export function closeCase(caseId: string, note: string, lift: boolean): Promise<Case> {
  const params = { path: { case_id: caseId } };
  return answer(client.POST("/api/v1/cases/{case_id}/close", { params, body: { note, lift } }));
}
