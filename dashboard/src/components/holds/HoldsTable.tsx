import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Application, Hold } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { type Column, DataTable } from "../../ui/DataTable";
import { Ago } from "../../ui/Moment";
import { Pill } from "../../ui/Pill";
import classes from "./Holds.module.css";
import { ReleaseHold } from "./ReleaseHold";

interface Props {
  application: Application;
  holds: Hold[] | undefined;
  empty: ReactNode;
}

/** All holds of an application, those that are released as well. */
export function HoldsTable({ application, holds, empty }: Props) {
  const mayRelease = useMay("holds.write");
  const columns: Column<Hold>[] = [
    { key: "what", header: "Covers", kind: "lead", cell: (hold) => <Covered hold={hold} /> },
    { key: "why", header: "Reason", cell: ({ reason }) => <p className={classes.why}>{reason}</p> },
    { key: "by", header: "Placed", cell: (hold) => <Placed hold={hold} /> },
    { key: "state", header: "State", cell: (hold) => <State hold={hold} /> },
    ...(mayRelease
      ? [
          {
            key: "actions",
            header: "Actions",
            kind: "actions" as const,
            cell: (hold: Hold) =>
              hold.released_at === null && <ReleaseHold hold={hold} what={coveredBy(hold)} />,
          },
        ]
      : []),
  ];
  return (
    <DataTable
      label={`Legal holds of ${application.name}`}
      columns={columns}
      rows={holds}
      rowKey={({ id }) => id}
      rowTone={({ released_at }) => (released_at === null ? undefined : "faint")}
      empty={empty}
    />
  );
}

function coveredBy({ subject_id }: Hold): string {
  return subject_id === null ? "the whole application" : subject_id;
}

function Covered({ hold: { subject_id, application_id } }: { hold: Hold }) {
  if (subject_id === null) return <strong>The whole application</strong>;
  return (
    <span className={classes.covered}>
      <span className={classes.label}>User</span>
      <Link
        to="/users/$subjectId"
        params={{ subjectId: subject_id }}
        search={{ application_id }}
        data-row-link
      >
        {subject_id}
      </Link>
    </span>
  );
}

function Placed({ hold: { placed_by, placed_at } }: { hold: Hold }) {
  return (
    <span className={classes.covered}>
      <span>{placed_by}</span>
      <span className={classes.label}>
        <Ago at={placed_at} />
      </span>
    </span>
  );
}

function State({ hold: { released_at } }: { hold: Hold }) {
  if (released_at === null) return <Pill tone="calm">Standing</Pill>;
  return (
    <span className={classes.covered}>
      <Pill tone="quiet">Released</Pill>
      <span className={classes.label}>
        <Ago at={released_at} />
      </span>
    </span>
  );
}
