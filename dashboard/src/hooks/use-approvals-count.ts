import { useInfiniteQuery } from "@tanstack/react-query";
import { approvalsQuery, reviewsQuery } from "../api/approvals";
import { usePolling } from "./use-live";
import { useMay } from "./use-me";

const SLOW_POLL = 15_000;

/** How many requests and reviews wait for this operator; 0 for those who decide on none. */
export function useApprovalsCount(): number {
  const enabled = useMay("approvals.decide");
  const polling = usePolling();
  const refetchInterval = polling === false ? SLOW_POLL : polling;
  const waiting = useInfiniteQuery({ ...approvalsQuery, enabled, refetchInterval });
  const reviews = useInfiniteQuery({ ...reviewsQuery("open"), enabled, refetchInterval });
  const decidable = waiting.data?.pages.flatMap(({ items }) => items) ?? [];
  const closable = reviews.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    decidable.filter((one) => one.decidable).length + closable.filter((one) => one.closable).length
  );
}
