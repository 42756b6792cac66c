import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { isNotFound } from "../api/problem";
import type { Webhook } from "../api/types";
import { deliveryQuery, webhookQuery } from "../api/webhooks";
import { PageMissing } from "../components/states/PageMissing";
import { PageWaiting } from "../components/states/PageWaiting";
import { Attempts } from "../components/webhooks/Attempts";
import { DeliveryFacts } from "../components/webhooks/DeliveryFacts";
import { DeliveryState } from "../components/webhooks/DeliveryState";
import { headingOf } from "../components/webhooks/endpoint-name";
import { ReplayButton } from "../components/webhooks/ReplayButton";
import { toldBy } from "../components/webhooks/told-by";
import classes from "../components/webhooks/Webhooks.module.css";
import { useMay } from "../hooks/use-me";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";

export const Route = createLazyRoute(
  "/signed-in/settings/$applicationId/webhooks/$endpointId/$deliveryId",
)({ component: DeliveryPage });

/** How often to look again while the message is on its way. */
const SOON = 1_500;

function DeliveryPage() {
  const { applicationId, endpointId } = Route.useParams();
  const { data: webhook, error, refetch } = useQuery(webhookQuery(endpointId));
  if (isNotFound(error)) return <PageMissing />;
  if (error) return <ErrorState page error={error} onRetry={() => void refetch()} />;
  if (webhook === undefined) return <PageWaiting />;
  return webhook.application_id === applicationId ? <Found webhook={webhook} /> : <PageMissing />;
}

function Found({ webhook }: { webhook: Webhook }) {
  const { deliveryId } = Route.useParams();
  const mayChange = useMay("webhooks.write");
  const { data, error, refetch } = useQuery({
    ...deliveryQuery(webhook.id, deliveryId),
    refetchInterval: ({ state }) => (state.data?.delivery.status === "pending" ? SOON : false),
  });
  if (isNotFound(error)) return <PageMissing />;
  // What was loaded stays while a later look fails.
  if (data === undefined) {
    return error ? (
      <ErrorState page error={error} onRetry={() => void refetch()} />
    ) : (
      <PageWaiting />
    );
  }
  const { delivery, attempts } = data;
  const what = toldBy(delivery);
  return (
    <>
      <PageHeader
        title={`${what} delivery`}
        heading={
          <span className={classes.heading}>
            {what} <DeliveryState status={delivery.status} />
          </span>
        }
        lead={
          <Link
            to="/settings/$applicationId/webhooks/$endpointId"
            params={{ applicationId: webhook.application_id, endpointId: webhook.id }}
          >
            Deliveries to {headingOf(webhook).title}
          </Link>
        }
        actions={mayChange && <ReplayButton webhook={webhook} delivery={delivery} />}
      />
      <div className={classes.columns}>
        <Attempts delivery={delivery} attempts={attempts} />
        <DeliveryFacts delivery={delivery} />
      </div>
    </>
  );
}
