import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { grantQuery, sessionsQuery } from "../api/impersonations";
import { isNested } from "../api/problem";
import type { Grant, Session } from "../api/types";
import { usePolling } from "./use-live";

const WAITING_POLL = 1_500;
// Each of these is refused, and counts among what the session was refused.
const INSIDE_POLL = 20_000;

interface Progress {
  grant: Grant;
  session: Session | undefined;
  /** True while this browser works as the user, and so hears nothing here. */
  inside: boolean;
}

/** What has become of a grant. While its app is awaited, the service is asked every now and then. */
export function useGrantProgress(first: Grant, waiting: boolean): Progress {
  const polling = usePolling();
  const { data: grant = first, error } = useQuery({
    ...grantQuery(first.id),
    initialData: first,
    refetchInterval: ({ state }) => {
      if (isNested(state.error)) return INSIDE_POLL;
      // Somebody else decides, and no event of this session tells of it.
      if (state.data?.status === "pending") return WAITING_POLL;
      return waiting && state.data?.status === "ready" ? WAITING_POLL : polling;
    },
  });
  const sessions = useInfiniteQuery({
    ...sessionsQuery({ grant_id: first.id }),
    enabled: grant.status === "active" || grant.status === "closed",
    refetchInterval: ({ state }) => (isNested(state.error) ? INSIDE_POLL : polling),
  });
  const inside = isNested(error) || isNested(sessions.error);
  return { grant, session: inside ? undefined : sessions.data?.pages[0]?.items[0], inside };
}
