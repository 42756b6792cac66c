import { IconEraser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Entry } from "../../api/types";
import { type Column, DataTable } from "../../ui/DataTable";
import { Stamp } from "../../ui/Moment";
import { Pill } from "../../ui/Pill";
import { eventWords } from "../../wording/events";
import classes from "./Audit.module.css";
import { gist, lossOf, nameOf, vouchedFor } from "./entry-words";
import { TakenOver } from "./TakenOver";

interface Props {
  entries: Entry[] | undefined;
  stale: boolean;
  empty: ReactNode;
}

export function AuditTable({ entries, stale, empty }: Props) {
  return (
    <DataTable
      label="Audit entries, newest first"
      columns={COLUMNS}
      rows={entries}
      rowKey={({ index }) => String(index)}
      empty={empty}
      stale={stale}
    />
  );
}

const COLUMNS: Column<Entry>[] = [
  { key: "what", header: "What", kind: "lead", cell: (entry) => <What entry={entry} /> },
  { key: "actor", header: "By", cell: (entry) => <By entry={entry} /> },
  { key: "subject", header: "User", cell: ({ subject }) => <Who party={subject} /> },
  {
    key: "gist",
    header: "Details",
    cell: (entry) => <Details entry={entry} />,
  },
  {
    key: "time",
    header: "Time",
    cell: ({ time }) => (
      <span className={classes.time}>
        <Stamp at={time} />
      </span>
    ),
  },
];

function What({ entry }: { entry: Entry }) {
  const { label, tone } = eventWords(entry.type);
  return (
    <span className={classes.what}>
      <Pill tone={tone}>
        <Link
          to="/audit/$index"
          params={{ index: String(entry.index) }}
          className={classes.link}
          data-row-link
        >
          {label}
        </Link>
      </Pill>
      <span className={classes.index}>#{entry.index}</span>
    </span>
  );
}

function Details({ entry }: { entry: Entry }) {
  const loss = lossOf(entry);
  const said = gist(entry);
  // Nothing at all, so that a narrow screen leaves the label out as well.
  if (loss === null) return said === "" ? null : <span className={classes.gist}>{said}</span>;
  return (
    <span>
      {entry.action !== null && <span className={classes.gist}>{said}</span>}
      <span className={classes.loss}>
        <IconEraser className={classes.eraser} size={14} aria-hidden="true" />
        {loss}
      </span>
    </span>
  );
}

/** Whoever did it, and whose session or request it was if not theirs. */
function By({ entry: { actor, doer, session_id } }: { entry: Entry }) {
  const owner = doer === null ? null : nameOf(actor);
  const vouched = vouchedFor(doer ?? actor);
  return (
    <span>
      <Who party={doer ?? actor} />
      {vouched !== null && <span className={classes.below}>{vouched}</span>}
      {(doer ?? actor)?.taken_over === true && <TakenOver />}
      {owner !== null && (
        <span className={classes.below}>
          {session_id === null ? "request" : "session"} of {owner.text}
        </span>
      )}
    </span>
  );
}

function Who({ party }: { party: Entry["actor"] }) {
  const name = nameOf(party);
  if (name === null) return null;
  return <span className={name.erased ? classes.erased : undefined}>{name.text}</span>;
}
