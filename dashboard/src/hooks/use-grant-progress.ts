import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { grantQuery, sessionsQuery } from "../api/impersonations";
import type { Grant, Session } from "../api/types";
import { usePolling } from "./use-live";

const WAITING_POLL = 1_500;

interface Progress {
  grant: Grant;
  session: Session | undefined;
}

/** What has become of a grant. While its app is awaited, the service is asked every now and then. */
export function useGrantProgress(first: Grant, waiting: boolean): Progress {
  const polling = usePolling();
  const { data: grant = first } = useQuery({
    ...grantQuery(first.id),
    initialData: first,
    refetchInterval: ({ state }) =>
      waiting && state.data?.status === "ready" ? WAITING_POLL : polling,
  });
  const sessions = useInfiniteQuery({
    ...sessionsQuery({ grant_id: first.id }),
    enabled: grant.status === "active" || grant.status === "closed",
    refetchInterval: polling,
  });
  return { grant, session: sessions.data?.pages[0]?.items[0] };
}
