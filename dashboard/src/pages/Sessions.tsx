import { SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { createLazyRoute, useNavigate } from "@tanstack/react-router";
import { sessionsQuery } from "../api/impersonations";
import { AboutFilter } from "../components/sessions/AboutFilter";
import { EndEverything } from "../components/sessions/EndEverything";
import { NoSessions } from "../components/sessions/NoSessions";
import classes from "../components/sessions/Sessions.module.css";
import { SessionsTable } from "../components/sessions/SessionsTable";
import { ApplicationSwitch } from "../components/users/ApplicationSwitch";
import { useApplication } from "../hooks/use-application";
import { usePolling } from "../hooks/use-live";
import { useMe } from "../hooks/use-me";
import type { SessionsSearch } from "../router/search";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";
import { ShowMore } from "../ui/ShowMore";

export const Route = createLazyRoute("/signed-in/sessions")({ component: Sessions });

function isFiltered({ application_id, subject_id, actor_id }: SessionsSearch): boolean {
  return [application_id, subject_id, actor_id].some((one) => one !== undefined);
}

function Sessions() {
  const search = Route.useSearch();
  const navigate = useNavigate();
  const me = useMe();
  const polling = usePolling();
  const { applications } = useApplication(search.application_id);
  const live = search.state !== "over";
  const sessions = useInfiniteQuery({
    ...sessionsQuery({ ...search, state: live ? "live" : "over" }),
    refetchInterval: polling,
  });
  const narrow = (change: SessionsSearch) =>
    void navigate({ to: "/sessions", search: { ...search, ...change }, replace: true });
  return (
    <>
      <PageHeader
        title="Sessions"
        lead="Who is working as whom, and who was."
        actions={
          <>
            <ApplicationSwitch
              applications={applications}
              all="All applications"
              value={search.application_id}
              onChange={(id) => narrow({ application_id: id, subject_id: undefined })}
            />
            <EndEverything
              application={applications?.find(({ id }) => id === search.application_id)}
            />
          </>
        }
      />
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label="Which sessions"
          data={[
            { value: "live", label: "Live" },
            { value: "over", label: "Past" },
          ]}
          value={live ? "live" : "over"}
          onChange={(state) => narrow({ state: state === "over" ? "over" : undefined })}
        />
        <AboutFilter
          label="User"
          value={search.subject_id}
          onClear={() => narrow({ subject_id: undefined })}
        />
        <AboutFilter
          label="Operator"
          value={search.actor_id === me.id ? "you" : search.actor_id}
          onClear={() => narrow({ actor_id: undefined })}
        />
      </div>
      {sessions.error ? (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <>
          <SessionsTable
            sessions={sessions.data?.pages.flatMap(({ items }) => items)}
            applications={applications}
            live={live}
            stale={sessions.isPlaceholderData}
            empty={<NoSessions live={live} filtered={isFiltered(search)} />}
          />
          <ShowMore {...sessions} />
        </>
      )}
    </>
  );
}
