import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Application, Webhook } from "../../api/types";
import { type Column, DataTable } from "../../ui/DataTable";
import { FORMATS } from "../../wording/deliveries";
import { eventWords } from "../../wording/events";
import { EndpointState } from "./EndpointState";
import { headingOf } from "./endpoint-name";
import classes from "./Webhooks.module.css";

interface Props {
  application: Application;
  webhooks: Webhook[] | undefined;
  empty: ReactNode;
}

export function WebhooksTable({ application, webhooks, empty }: Props) {
  return (
    <DataTable
      label={`Webhooks of ${application.name}`}
      columns={COLUMNS}
      rows={webhooks}
      rowKey={({ id }) => id}
      rowTone={({ status }) => (status === "disabled" ? "faint" : undefined)}
      empty={empty}
    />
  );
}

const COLUMNS: Column<Webhook>[] = [
  { key: "who", header: "Endpoint", kind: "lead", cell: (webhook) => <Name webhook={webhook} /> },
  { key: "state", header: "State", cell: (webhook) => <EndpointState webhook={webhook} /> },
  {
    key: "hears",
    header: "Hears of",
    cell: ({ types }) => <span className={classes.quiet}>{hears(types)}</span>,
  },
  {
    key: "format",
    header: "Format",
    cell: ({ format, personal }) => (
      <span className={classes.quiet}>
        {FORMATS[format].name}
        {personal && ", personal data"}
      </span>
    ),
  },
];

function Name({ webhook }: { webhook: Webhook }) {
  const { title, below } = headingOf(webhook);
  return (
    <span className={classes.name}>
      <Link
        to="/settings/$applicationId/webhooks/$endpointId"
        params={{ applicationId: webhook.application_id, endpointId: webhook.id }}
        className={classes.link}
        data-row-link
      >
        {title}
      </Link>
      <span className={classes.url}>{below}</span>
    </span>
  );
}

function hears(types: Webhook["types"]): string {
  const [only, ...others] = types;
  if (only !== undefined && others.length === 0) return eventWords(only).label;
  return `${types.length} kinds of events`;
}
