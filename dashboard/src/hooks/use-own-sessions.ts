import { useInfiniteQuery } from "@tanstack/react-query";
import { sessionsQuery } from "../api/impersonations";
import type { Session } from "../api/types";
import { usePolling } from "./use-live";
import { useMe } from "./use-me";

/** The accounts that one is in right now. */
export function useOwnSessions(): Session[] {
  const me = useMe();
  const own = useInfiniteQuery({
    ...sessionsQuery({ state: "live", actor_id: me.id }),
    enabled: me.permissions.includes("impersonation.start"),
    refetchInterval: usePolling(),
  });
  return own.data?.pages.flatMap(({ items }) => items) ?? [];
}
