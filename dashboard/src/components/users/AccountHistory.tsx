import { Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { historyQuery } from "../../api/directory";
import { grantsQuery, sessionsQuery } from "../../api/impersonations";
import type { Subject } from "../../api/types";
import { usePolling } from "../../hooks/use-live";
import { ErrorState } from "../../ui/ErrorState";
import { Panel } from "../../ui/Panel";
import { ShowMore } from "../../ui/ShowMore";
import { HistoryItem } from "./HistoryItem";
import { historyOf, type Visit } from "./history";
import classes from "./User.module.css";

/** Who worked in an account, when and why, and who asked to. */
export function AccountHistory({ subject }: { subject: Subject }) {
  const filter = { application_id: subject.application_id, subject_id: subject.id };
  const polling = usePolling();
  const sessions = useInfiniteQuery({ ...sessionsQuery(filter), refetchInterval: polling });
  const grants = useQuery(grantsQuery(filter));
  // What was done is told beside the sessions; they are shown without it, too.
  const past = useInfiniteQuery({
    ...historyQuery(subject.application_id, subject.id),
    refetchInterval: polling,
  });
  const error = sessions.error ?? grants.error;
  const visited = sessions.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel title="Who worked in this account">
      {error ? (
        <ErrorState error={error} onRetry={() => void sessions.refetch()} />
      ) : visited === undefined || grants.data === undefined ? (
        <Skeleton height={90} />
      ) : (
        <Visits
          visits={historyOf(
            visited,
            grants.data.items,
            past.data?.pages.flatMap(({ items }) => items) ?? [],
          )}
        />
      )}
      <ShowMore
        {...sessions}
        fetchNextPage={() => Promise.all([sessions.fetchNextPage(), past.fetchNextPage()])}
      />
    </Panel>
  );
}

function Visits({ visits }: { visits: Visit[] }) {
  if (visits.length === 0) return <p className={classes.rest}>Nobody yet.</p>;
  return (
    <ol className={classes.history}>
      {visits.map((visit) => (
        <HistoryItem key={visit.id} item={visit} />
      ))}
    </ol>
  );
}
