import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Application, Session } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Countdown } from "../../ui/Countdown";
import { type Column, DataTable } from "../../ui/DataTable";
import { span } from "../../ui/duration";
import { Marks } from "../../ui/Marks";
import { Ago, Moment } from "../../ui/Moment";
import { Person } from "../../ui/Person";
import { Pill } from "../../ui/Pill";
import { nameOf } from "../../wording/people";
import { END_CAUSES, FORGOTTEN, SCOPES } from "../../wording/sessions";
import { SessionActions } from "./SessionActions";
import classes from "./Sessions.module.css";

interface Props {
  sessions: Session[] | undefined;
  applications: Application[];
  live: boolean;
  stale: boolean;
  empty: ReactNode;
}

export function SessionsTable({ sessions, applications, live, stale, empty }: Props) {
  const mayAudit = useMay("audit.read");
  const several = applications.length > 1;
  const columns: Column<Session>[] = [
    SUBJECT,
    ACTOR,
    REASON,
    ...(several
      ? [
          {
            key: "app",
            header: "Application",
            cell: ({ application_id }: Session) => appNameOf(application_id),
          },
        ]
      : []),
    ...(live ? LIVE : OVER),
    ...(mayAudit ? [DONE] : []),
  ];
  return (
    <DataTable
      label={live ? "Live sessions" : "Past sessions"}
      columns={columns}
      rows={sessions}
      rowKey={({ id }) => id}
      empty={empty}
      stale={stale}
    />
  );

  function appNameOf(id: string): string {
    return applications.find((application) => application.id === id)?.name ?? id;
  }
}

const SUBJECT: Column<Session> = {
  key: "subject",
  header: "User",
  kind: "lead",
  cell: ({ subject, application_id, organization }) => (
    <Person
      id={subject.id}
      name={nameOf(subject)}
      email={organization?.name ?? subject.email}
      title={
        <Link
          to="/users/$subjectId"
          params={{ subjectId: subject.id }}
          search={{ application_id }}
          className={classes.subject}
          data-row-link
        >
          {nameOf(subject)}
        </Link>
      }
    />
  ),
};

const ACTOR: Column<Session> = {
  key: "actor",
  header: "Operator",
  cell: ({ actor }) => (
    <span className={classes.actor}>
      {nameOf(actor)}
      {actor.kind === "named_by_application" && (
        <span className={classes.aside}>named by the application</span>
      )}
    </span>
  ),
};

const REASON: Column<Session> = {
  key: "reason",
  header: "Reason",
  cell: ({ reason, ticket, scope, marks }) => (
    <span className={classes.reason}>
      {reason === FORGOTTEN ? (
        <span className={classes.forgotten}>no longer kept</span>
      ) : (
        <span className={classes.words} title={reason}>
          {reason}
        </span>
      )}
      <span className={classes.aside}>
        {SCOPES[scope].name}
        {ticket !== null && ` · ${ticket}`}
      </span>
      <Marks marks={marks} />
    </span>
  ),
};

const LIVE: Column<Session>[] = [
  { key: "since", header: "Started", cell: ({ started_at }) => <Ago at={started_at} /> },
  {
    key: "left",
    header: "Time left",
    cell: ({ ends_at }) => (
      <Pill tone="live">
        <Countdown until={ends_at} />
      </Pill>
    ),
  },
  {
    key: "actions",
    header: "Actions",
    kind: "actions",
    cell: (session) => <SessionActions session={session} />,
  },
];

const DONE: Column<Session> = {
  key: "done",
  header: "Entries",
  kind: "actions",
  cell: ({ id }) => (
    <Link to="/audit" search={{ session_id: id }}>
      What was done
    </Link>
  ),
};

const OVER: Column<Session>[] = [
  { key: "started", header: "Started", cell: ({ started_at }) => <Moment at={started_at} /> },
  {
    key: "ended",
    header: "Ended",
    cell: ({ started_at, ended_at, end_cause }) => (
      <span>
        {ended_at === null ? null : `after ${span(Date.parse(ended_at) - Date.parse(started_at))}`}
        {end_cause !== null && <span className={classes.aside}>{END_CAUSES[end_cause]}</span>}
      </span>
    ),
  },
];
