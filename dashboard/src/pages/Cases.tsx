import { SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { casesQuery, type Which } from "../api/cases";
import { CaseCard } from "../components/cases/CaseCard";
import classes from "../components/cases/Cases.module.css";
import { usePolling } from "../hooks/use-live";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";
import { ShowMore } from "../ui/ShowMore";

export const Route = createLazyRoute("/signed-in/cases")({ component: Cases });

const CHOICES: { value: Which; label: string }[] = [
  { value: "open", label: "Open" },
  { value: "frozen", label: "Frozen" },
  { value: "all", label: "All" },
];
const NOTHING: Record<Which, string> = {
  open: "No case is open",
  frozen: "Nobody is frozen",
  all: "There has been no case",
};

/** What users did not agree to, and who works as nobody because of it. */
function Cases() {
  const [which, setWhich] = useState<Which>("open");
  const refetchInterval = usePolling();
  const cases = useInfiniteQuery({ ...casesQuery(which), refetchInterval });
  const found = cases.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHeader
        title="Cases"
        lead="Whoever a case is about works as nobody until an admin has looked into it and says that they may."
        actions={
          <SegmentedControl
            aria-label="Which cases"
            data={CHOICES}
            value={which}
            onChange={(value) => setWhich(value as Which)}
          />
        }
      />
      {cases.error ? (
        <ErrorState error={cases.error} onRetry={() => void cases.refetch()} />
      ) : found?.length === 0 ? (
        <EmptyState title={NOTHING[which]}>
          A case is opened when a user says that they had not agreed to a session, or when somebody
          guesses the codes that users read out.
        </EmptyState>
      ) : (
        <ul className={classes.list} aria-label="Cases">
          {found?.map((one) => (
            <CaseCard key={one.id} found={one} />
          ))}
        </ul>
      )}
      <ShowMore {...cases} />
    </>
  );
}
