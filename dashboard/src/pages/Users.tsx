import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { createLazyRoute, useNavigate, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { subjectsQuery } from "../api/directory";
import type { Application, Subject } from "../api/types";
import { ImpersonationOff } from "../components/impersonate/ImpersonationOff";
import { NoApplication } from "../components/settings/NoApplication";
import { UnknownApplication } from "../components/settings/UnknownApplication";
import { PageWaiting } from "../components/states/PageWaiting";
import { ApplicationSwitch } from "../components/users/ApplicationSwitch";
import { NoUsers } from "../components/users/NoUsers";
import { OrganizationFilter } from "../components/users/OrganizationFilter";
import { SearchField } from "../components/users/SearchField";
import { UnrankedNotice } from "../components/users/UnrankedNotice";
import { UsersTable } from "../components/users/UsersTable";
import classes from "../components/users/UsersTable.module.css";
import { useApplication } from "../hooks/use-application";
import { useMayChangeUsers } from "../hooks/use-me";
import type { UsersSearch } from "../router/search";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";
import { ROW_LINK } from "../ui/row-keys";
import { ShowMore } from "../ui/ShowMore";

// The rows are there first; the dialog follows while they are read.
const ImpersonateDialog = lazy(() =>
  import("../components/impersonate/ImpersonateDialog").then((module) => ({
    default: module.ImpersonateDialog,
  })),
);

const ImportDialog = lazy(() =>
  import("../components/users/ImportDialog").then((module) => ({ default: module.ImportDialog })),
);

const HERE = "/users";

export const Route = createLazyRoute("/signed-in/users")({ component: Users });

function Users() {
  const search = Route.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  const mayImport = useMayChangeUsers();
  const [importing, setImporting] = useState(false);
  const onImport = mayImport ? () => setImporting(true) : undefined;
  const { application, applications, unknown, result } = useApplication(search.application_id);
  if (result.error)
    return <ErrorState page error={result.error} onRetry={() => void result.refetch()} />;
  if (result.isPending) return <PageWaiting />;
  const narrow = (change: UsersSearch) => {
    // What is typed comes with a pause: whoever has gone on meanwhile is not pulled back.
    if (router.latestLocation.pathname !== HERE) return;
    void navigate({ to: HERE, search: { ...search, ...change }, replace: true });
  };
  return (
    <>
      <PageHeader
        title="Users"
        lead="Find the person who needs help, then see what they see."
        actions={
          <>
            <ApplicationSwitch
              applications={applications}
              value={application?.id}
              onChange={(id) => void navigate({ to: "/users", search: { application_id: id } })}
            />
            {onImport !== undefined && (
              <Button variant="default" onClick={onImport}>
                Import…
              </Button>
            )}
          </>
        }
      />
      {application === undefined ? (
        <Missing id={unknown ? search.application_id : undefined} />
      ) : (
        <>
          <Found
            key={application.id}
            application={application}
            search={search}
            narrow={narrow}
            onImport={onImport}
          />
          <Suspense>
            <ImportDialog
              application={application}
              opened={importing}
              onClose={() => setImporting(false)}
            />
          </Suspense>
        </>
      )}
    </>
  );
}

function Missing({ id }: { id: string | undefined }) {
  return id === undefined ? <NoApplication /> : <UnknownApplication id={id} />;
}

interface FoundProps {
  application: Application;
  search: UsersSearch;
  narrow: (change: UsersSearch) => void;
  onImport: (() => void) | undefined;
}

function Found({ application, search, narrow, onImport }: FoundProps) {
  const [chosen, setChosen] = useState<Subject | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { query, organization_id } = search;
  const found = useInfiniteQuery(
    subjectsQuery({ application_id: application.id, query, organization_id }),
  );
  return (
    <>
      <ImpersonationOff application={application} />
      <UnrankedNotice application={application} />
      <search className={classes.toolbar}>
        <SearchField
          ref={input}
          value={query ?? ""}
          onSearch={(text) => narrow({ query: text || undefined })}
          onEnterList={() => list.current?.querySelector<HTMLElement>(ROW_LINK)?.focus()}
        />
        {application.vertical === "b2b" && (
          <OrganizationFilter
            applicationId={application.id}
            value={organization_id}
            onChange={(id) => narrow({ organization_id: id })}
          />
        )}
      </search>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <div ref={list}>
          <p role="status" className="spoken">
            {found.isSuccess && !found.isPlaceholderData && countOf(found.data.pages)}
          </p>
          <UsersTable
            subjects={found.data?.pages.flatMap(({ items }) => items)}
            application={application}
            stale={found.isPlaceholderData}
            empty={
              <NoUsers
                application={application}
                searched={Boolean(query ?? organization_id)}
                onImport={onImport}
              />
            }
            onLeaveTop={() => input.current?.focus()}
            onImpersonate={setChosen}
          />
          <ShowMore {...found} />
        </div>
      )}
      <Suspense>
        <ImpersonateDialog
          subject={chosen}
          application={application}
          onClose={() => setChosen(null)}
        />
      </Suspense>
    </>
  );
}

/** How many rows there are, for those who do not see them change. */
function countOf(pages: { items: Subject[]; next_cursor: string | null }[]): string {
  const count = pages.reduce((sum, { items }) => sum + items.length, 0);
  const more = pages.at(-1)?.next_cursor === null ? "" : " or more";
  return `${count}${more} ${count === 1 ? "user" : "users"}`;
}
