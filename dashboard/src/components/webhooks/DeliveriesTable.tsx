import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Delivery, Webhook } from "../../api/types";
import { type Column, DataTable } from "../../ui/DataTable";
import { Ago, Ahead } from "../../ui/Moment";
import { DeliveryState } from "./DeliveryState";
import { toldBy } from "./told-by";
import classes from "./Webhooks.module.css";

interface Props {
  webhook: Webhook;
  deliveries: Delivery[] | undefined;
  stale: boolean;
  empty: ReactNode;
}

export function DeliveriesTable({ webhook, deliveries, stale, empty }: Props) {
  const columns: Column<Delivery>[] = [
    {
      key: "what",
      header: "Message",
      kind: "lead",
      cell: (delivery) => (
        <span className={classes.message}>
          <Link
            to="/settings/$applicationId/webhooks/$endpointId/$deliveryId"
            params={{
              applicationId: webhook.application_id,
              endpointId: webhook.id,
              deliveryId: delivery.id,
            }}
            className={classes.link}
            data-row-link
          >
            {toldBy(delivery)}
          </Link>
          {delivery.entry_index !== null && (
            <span className={classes.why}>#{delivery.entry_index}</span>
          )}
        </span>
      ),
    },
    { key: "state", header: "State", cell: ({ status }) => <DeliveryState status={status} /> },
    { key: "attempts", header: "Attempts", cell: (delivery) => <Attempts delivery={delivery} /> },
    {
      key: "when",
      header: "Since",
      cell: ({ created_at }) => (
        <span className={classes.quiet}>
          <Ago at={created_at} />
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label="Deliveries, newest first"
      columns={columns}
      rows={deliveries}
      rowKey={({ id }) => id}
      empty={empty}
      stale={stale}
    />
  );
}

function Attempts({ delivery }: { delivery: Delivery }) {
  return (
    <span className={classes.quiet}>
      {delivery.attempts}
      {delivery.next_attempt_at !== null && (
        <>
          {" · next "}
          <Ahead at={delivery.next_attempt_at} />
        </>
      )}
    </span>
  );
}
