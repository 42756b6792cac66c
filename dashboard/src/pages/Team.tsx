import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState } from "react";
import { operatorsQuery } from "../api/operators";
import type { Operator } from "../api/types";
import { InviteDialog } from "../components/team/InviteDialog";
import { OperatorMenu } from "../components/team/OperatorMenu";
import classes from "../components/team/Team.module.css";
import { useMay, useMe } from "../hooks/use-me";
import { type Column, DataTable } from "../ui/DataTable";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Marks } from "../ui/Marks";
import { Ago } from "../ui/Moment";
import { PageHeader } from "../ui/PageHeader";
import { Person } from "../ui/Person";
import { Pill, type Tone } from "../ui/Pill";
import { ROLES } from "../wording/roles";

export const Route = createLazyRoute("/signed-in/team")({ component: Team });

const STATUSES: Record<Operator["status"], { tone: Tone; label: string }> = {
  active: { tone: "good", label: "Active" },
  invited: { tone: "calm", label: "Invited" },
  disabled: { tone: "quiet", label: "Disabled" },
};

const LEAD = "Who may sign in here, and what for. Whoever sets the rules does not impersonate.";
const LEAD_BY_APP =
  "Who has come in here from the app, and what for: the app says who is staff. Whoever sets the rules does not impersonate.";

function Team() {
  const me = useMe();
  const mayChange = useMay("operators.write");
  const byApp = me.signed_in_by === "app";
  const [inviting, setInviting] = useState(false);
  const { data: operators, error, refetch } = useQuery(operatorsQuery);
  const columns: Column<Operator>[] = [
    {
      key: "who",
      header: "Colleague",
      kind: "lead",
      cell: ({ id, name, email }) => (
        <Person
          id={id}
          name={name}
          email={email}
          title={
            <Link to="/team/$operatorId" params={{ operatorId: id }} className={classes.name}>
              {id === me.id ? `${name} (you)` : name}
            </Link>
          }
        />
      ),
    },
    {
      key: "roles",
      header: "Roles",
      cell: ({ roles }) => (
        <span className={classes.roles}>{roles.map((role) => ROLES[role].name).join(", ")}</span>
      ),
    },
    {
      key: "groups",
      header: "Groups",
      cell: ({ groups }) => <span className={classes.roles}>{groups.join(", ") || "–"}</span>,
    },
    {
      key: "status",
      header: "State",
      cell: ({ status, taken_over_at }) => (
        <span className={classes.state}>
          <Pill tone={STATUSES[status].tone}>{STATUSES[status].label}</Pill>
          {taken_over_at !== null && <Marks marks={["taken_over"]} />}
        </span>
      ),
    },
    { key: "since", header: "Since", cell: ({ created_at }) => <Ago at={created_at} /> },
    ...(mayChange
      ? [
          {
            key: "actions",
            header: "Actions",
            kind: "actions" as const,
            cell: (operator: Operator) => (
              <OperatorMenu operator={operator} own={operator.id === me.id} />
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageHeader
        title="Team"
        lead={byApp ? LEAD_BY_APP : LEAD}
        actions={mayChange && !byApp && <Button onClick={() => setInviting(true)}>Invite</Button>}
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="The team"
          columns={columns}
          rows={operators}
          rowKey={({ id }) => id}
          rowTone={({ status }) => (status === "disabled" ? "faint" : undefined)}
          empty={<EmptyState title="Nobody yet" />}
        />
      )}
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
    </>
  );
}
