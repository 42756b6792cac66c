import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { entryQuery } from "../api/audit";
import classes from "../components/audit/Audit.module.css";
import { EntryFacts } from "../components/audit/EntryFacts";
import { ErasedNotice } from "../components/audit/ErasedNotice";
import { ProofPanel } from "../components/audit/ProofPanel";
import { PageMissing } from "../components/states/PageMissing";
import { PageWaiting } from "../components/states/PageWaiting";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";
import { eventWords } from "../wording/events";

export const Route = createLazyRoute("/signed-in/audit/$index")({ component: EntryPage });

function EntryPage() {
  const { index } = Route.useParams();
  return /^\d{1,15}$/.test(index) ? <EntryDetail index={Number(index)} /> : <PageMissing />;
}

function EntryDetail({ index }: { index: number }) {
  const { data: entry, error, refetch } = useQuery(entryQuery(index));
  if (error) return <ErrorState page error={error} onRetry={() => void refetch()} />;
  if (entry === undefined) return <PageWaiting />;
  return (
    <>
      <PageHeader
        title={`${eventWords(entry.type).label} #${entry.index}`}
        heading={
          <>
            {eventWords(entry.type).label} <span className={classes.number}>#{entry.index}</span>
          </>
        }
        lead={<Link to="/audit">All entries</Link>}
      />
      <ErasedNotice key={`erased ${entry.index}`} entry={entry} />
      <div className={classes.columns}>
        <EntryFacts entry={entry} />
        <ProofPanel key={entry.index} entry={entry} />
      </div>
      <nav className={classes.turn} aria-label="Neighbouring entries">
        {index > 0 ? (
          <Link to="/audit/$index" params={{ index: String(index - 1) }}>
            ← Entry {index - 1}
          </Link>
        ) : (
          <span />
        )}
        <Link to="/audit/$index" params={{ index: String(index + 1) }}>
          Entry {index + 1} →
        </Link>
      </nav>
    </>
  );
}
