import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { isNotFound } from "../api/problem";
import { webhookQuery } from "../api/webhooks";
import { PageMissing } from "../components/states/PageMissing";
import { PageWaiting } from "../components/states/PageWaiting";
import { Deliveries } from "../components/webhooks/Deliveries";
import { EndpointFacts } from "../components/webhooks/EndpointFacts";
import { EndpointNotice } from "../components/webhooks/EndpointNotice";
import { EndpointState } from "../components/webhooks/EndpointState";
import { headingOf } from "../components/webhooks/endpoint-name";
import { TestButton } from "../components/webhooks/TestButton";
import { WebhookMenu } from "../components/webhooks/WebhookMenu";
import classes from "../components/webhooks/Webhooks.module.css";
import { WebhooksLink } from "../components/webhooks/WebhooksLink";
import { useMay } from "../hooks/use-me";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";

export const Route = createLazyRoute("/signed-in/settings/$applicationId/webhooks/$endpointId")({
  component: WebhookPage,
});

const LATER = 10_000;

function WebhookPage() {
  const { applicationId, endpointId } = Route.useParams();
  const { status } = Route.useSearch();
  const mayChange = useMay("webhooks.write");
  const {
    data: webhook,
    error,
    refetch,
  } = useQuery({
    ...webhookQuery(endpointId),
    // What it sends may make it fail, or be disabled, while somebody looks on.
    refetchInterval: LATER,
  });
  if (isNotFound(error)) return <PageMissing />;
  // What was loaded stays while a later look fails.
  if (webhook === undefined) {
    return error ? (
      <ErrorState page error={error} onRetry={() => void refetch()} />
    ) : (
      <PageWaiting />
    );
  }
  if (webhook.application_id !== applicationId) return <PageMissing />;
  const { title } = headingOf(webhook);
  return (
    <>
      <PageHeader
        title={`${title} webhook`}
        heading={
          <span className={classes.heading}>
            {title} <EndpointState webhook={webhook} short />
          </span>
        }
        lead={<WebhooksLink applicationId={applicationId} />}
        actions={
          mayChange && (
            <>
              <TestButton webhook={webhook} />
              <WebhookMenu webhook={webhook} />
            </>
          )
        }
      />
      <div className={classes.above}>
        <EndpointNotice webhook={webhook} />
      </div>
      <div className={classes.columns}>
        <Deliveries webhook={webhook} status={status} />
        <EndpointFacts webhook={webhook} />
      </div>
    </>
  );
}
