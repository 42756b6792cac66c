import { useInfiniteQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { approvalsQuery, reviewsQuery } from "../api/approvals";
import classes from "../components/approvals/Approvals.module.css";
import { RequestCard } from "../components/approvals/RequestCard";
import { ReviewCard } from "../components/approvals/ReviewCard";
import { usePolling } from "../hooks/use-live";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";
import { ShowMore } from "../ui/ShowMore";

export const Route = createLazyRoute("/signed-in/approvals")({ component: Approvals });

/** What waits for a colleague: requests to agree to, and reviews of what did not wait. */
function Approvals() {
  const refetchInterval = usePolling();
  const waiting = useInfiniteQuery({ ...approvalsQuery, refetchInterval });
  const reviews = useInfiniteQuery({ ...reviewsQuery("open"), refetchInterval });
  const error = waiting.error ?? reviews.error;
  const requests = waiting.data?.pages.flatMap(({ items }) => items) ?? [];
  const open = reviews.data?.pages.flatMap(({ items }) => items) ?? [];
  const nothing = waiting.isSuccess && reviews.isSuccess && requests.length + open.length === 0;
  return (
    <>
      <PageHeader
        title="Approvals"
        lead="Nothing begins by an approval: every rule is asked again when its actor launches."
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void waiting.refetch()} />
      ) : nothing ? (
        <EmptyState title="Nothing waits">
          Requests come here where an application wants a colleague to agree, and reviews where
          somebody went ahead without one.
        </EmptyState>
      ) : (
        <>
          <ul className={classes.list} aria-label="Requests that wait">
            {requests.map((one) => (
              <RequestCard key={one.grant.id} request={one} />
            ))}
          </ul>
          <ShowMore {...waiting} />
          <ul className={classes.list} aria-label="Open reviews">
            {open.map((one) => (
              <ReviewCard key={one.id} review={one} />
            ))}
          </ul>
          <ShowMore {...reviews} />
        </>
      )}
    </>
  );
}
