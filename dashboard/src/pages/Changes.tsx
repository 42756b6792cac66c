import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { changesQuery } from "../api/changes";
import { WaitingChange } from "../components/changes/WaitingChange";
import { usePolling } from "../hooks/use-live";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";

export const Route = createLazyRoute("/signed-in/changes")({ component: Changes });

function Changes() {
  const polling = usePolling();
  const { data, error, refetch } = useQuery({ ...changesQuery, refetchInterval: polling });
  return (
    <>
      <PageHeader
        title="Changes"
        lead="What colleagues ask to change for a user in a session that only reads."
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        data?.map((change) => <WaitingChange key={change.id} change={change} />)
      )}
      {data?.length === 0 && (
        <EmptyState title="Nothing waits for you">
          A change that is blocked in a read-only session can be asked for, where an application’s
          settings say so. It shows up here, and you allow or refuse it: that change alone, once.
        </EmptyState>
      )}
    </>
  );
}
