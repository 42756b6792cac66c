import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Application, Subject } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { type Column, DataTable } from "../../ui/DataTable";
import { Person } from "../../ui/Person";
import { nameOf } from "../../wording/people";
import { hindrance } from "./may-impersonate";
import { SubjectState } from "./SubjectState";
import { UserMenu } from "./UserMenu";
import classes from "./UsersTable.module.css";

interface Props {
  subjects: Subject[] | undefined;
  application: Application;
  stale: boolean;
  empty: ReactNode;
  onLeaveTop: () => void;
  onImpersonate: (subject: Subject) => void;
}

export function UsersTable(props: Props) {
  const { subjects, application, stale, empty, onLeaveTop, onImpersonate } = props;
  const mayImpersonate = useMay("impersonation.start");
  const columns: Column<Subject>[] = [
    { key: "user", header: "User", kind: "lead", cell: (subject) => <Who subject={subject} /> },
    ...(application.vertical === "b2b" ? [ORGANIZATION] : []),
    ROLES,
    { key: "state", header: "State", cell: (subject) => <SubjectState subject={subject} /> },
    {
      key: "actions",
      header: "Actions",
      kind: "actions",
      cell: (subject) => (
        <span className={classes.actions}>
          {mayImpersonate && hindrance(subject, application) === null && (
            <Button size="compact-sm" variant="light" onClick={() => onImpersonate(subject)}>
              Impersonate
            </Button>
          )}
          <UserMenu
            subject={subject}
            application={application}
            onImpersonate={() => onImpersonate(subject)}
          />
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={`Users of ${application.name}`}
      columns={columns}
      rows={subjects}
      rowKey={({ id }) => id}
      rowTone={({ status }) => (status === "active" ? undefined : "faint")}
      empty={empty}
      stale={stale}
      onLeaveTop={onLeaveTop}
    />
  );
}

const ORGANIZATION: Column<Subject> = {
  key: "organization",
  header: "Organization",
  cell: ({ organization }) => organization?.name ?? null,
};

const ROLES: Column<Subject> = {
  key: "roles",
  header: "Roles",
  cell: ({ roles }) =>
    roles.length === 0 ? null : <span className={classes.roles}>{roles.join(", ")}</span>,
};

function Who({ subject }: { subject: Subject }) {
  const { id, name, email, application_id } = subject;
  const link = (
    <Link
      to="/users/$subjectId"
      params={{ subjectId: id }}
      search={{ application_id }}
      className={classes.name}
      data-row-link
    >
      {nameOf(subject)}
    </Link>
  );
  return <Person id={id} name={name} email={email} title={link} />;
}
