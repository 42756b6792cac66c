import { NativeSelect } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Delivery, DeliveryStatus, Webhook } from "../../api/types";
import { deliveriesQuery } from "../../api/webhooks";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { ShowMore } from "../../ui/ShowMore";
import { DELIVERY_STATUSES } from "../../wording/deliveries";
import { DeliveriesTable } from "./DeliveriesTable";
import classes from "./Webhooks.module.css";

/** How often to look again: soon while something is on its way, now and then otherwise. */
const SOON = 3_000;
const LATER = 20_000;

const CHOICES = [
  { value: "", label: "All" },
  ...Object.entries(DELIVERY_STATUSES).map(([value, { label }]) => ({ value, label })),
];

interface Props {
  webhook: Webhook;
  status: DeliveryStatus | undefined;
}

/** What was sent to an endpoint, newest first. */
export function Deliveries({ webhook, status }: Props) {
  const navigate = useNavigate();
  const deliveries = useInfiniteQuery({
    ...deliveriesQuery(webhook.id, status),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isPending)) ? SOON : LATER,
  });
  const nothing = status === undefined && deliveries.data?.pages[0]?.items.length === 0;
  const narrow = (chosen: string) =>
    void navigate({
      to: "/settings/$applicationId/webhooks/$endpointId",
      params: { applicationId: webhook.application_id, endpointId: webhook.id },
      search: { status: chosen === "" ? undefined : (chosen as DeliveryStatus) },
      replace: true,
    });
  return (
    <section aria-labelledby="deliveries">
      <div className={classes.toolbar}>
        <h2 id="deliveries">Deliveries</h2>
        {!nothing && (
          <NativeSelect
            size="sm"
            aria-label="Which deliveries"
            data={CHOICES}
            value={status ?? ""}
            onChange={(event) => narrow(event.currentTarget.value)}
          />
        )}
      </div>
      {deliveries.error && deliveries.data === undefined ? (
        <ErrorState error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      ) : (
        <>
          <DeliveriesTable
            webhook={webhook}
            deliveries={deliveries.data?.pages.flatMap(({ items }) => items)}
            stale={deliveries.isPlaceholderData}
            empty={
              status === undefined ? (
                <EmptyState title="Nothing was sent yet">
                  The next event of the kinds it hears of is the first. A test shows at once whether
                  the receiver answers.
                </EmptyState>
              ) : (
                <EmptyState title="No delivery is in this state">Look at all of them.</EmptyState>
              )
            }
          />
          <ShowMore {...deliveries} />
        </>
      )}
    </section>
  );
}

function isPending({ status }: Delivery): boolean {
  return status === "pending";
}
