import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { createLazyRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { entriesQuery } from "../api/audit";
import classes from "../components/audit/Audit.module.css";
import { AuditFilters } from "../components/audit/AuditFilters";
import { AuditTable } from "../components/audit/AuditTable";
import { ExportDialog } from "../components/audit/ExportDialog";
import { FilterChips } from "../components/audit/FilterChips";
import { useApplication } from "../hooks/use-application";
import { useMay } from "../hooks/use-me";
import type { AuditSearch } from "../router/search";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";
import { ShowMore } from "../ui/ShowMore";

export const Route = createLazyRoute("/signed-in/audit")({ component: Audit });

function Audit() {
  const search = Route.useSearch();
  const navigate = useNavigate();
  const mayExport = useMay("audit.export");
  const [exporting, setExporting] = useState(false);
  const { applications } = useApplication(search.application_id);
  const entries = useInfiniteQuery(entriesQuery(search));
  const narrow = (change: AuditSearch) =>
    void navigate({ to: "/audit", search: { ...search, ...change }, replace: true });
  return (
    <>
      <PageHeader
        title="Audit"
        lead="Everything that happened, in both names. Nobody can change an entry without it showing."
        actions={
          mayExport && (
            <Button variant="default" onClick={() => setExporting(true)}>
              Export…
            </Button>
          )
        }
      />
      <AuditFilters
        search={search}
        applications={applications}
        onChange={narrow}
        onClear={() => void navigate({ to: "/audit", search: {}, replace: true })}
      />
      <div className={classes.chips}>
        <FilterChips search={search} onChange={narrow} />
      </div>
      {entries.error ? (
        <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />
      ) : (
        <>
          <AuditTable
            entries={entries.data?.pages.flatMap(({ items }) => items)}
            stale={entries.isPlaceholderData}
            empty={
              <EmptyState title="No entry fits">
                Widen the time, or drop one of the filters.
              </EmptyState>
            }
          />
          <ShowMore {...entries} />
        </>
      )}
      <ExportDialog opened={exporting} onClose={() => setExporting(false)} filter={search} />
    </>
  );
}
