import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import type { Application } from "../api/types";
import { webhooksQuery } from "../api/webhooks";
import { ApplicationHeader } from "../components/settings/ApplicationHeader";
import { OfApplication } from "../components/settings/OfApplication";
import { CreateWebhook } from "../components/webhooks/CreateWebhook";
import { WebhooksTable } from "../components/webhooks/WebhooksTable";
import { useMay } from "../hooks/use-me";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";

export const Route = createLazyRoute("/signed-in/settings/$applicationId/webhooks")({
  component: Webhooks,
});

function Webhooks() {
  const { applicationId } = Route.useParams();
  return (
    <OfApplication id={applicationId}>
      {(application) => <Endpoints key={application.id} application={application} />}
    </OfApplication>
  );
}

function Endpoints({ application }: { application: Application }) {
  const mayChange = useMay("webhooks.write");
  const [adding, setAdding] = useState(false);
  const { data: webhooks, error, refetch } = useQuery(webhooksQuery(application.id));
  const add = mayChange && <Button onClick={() => setAdding(true)}>Add a webhook</Button>;
  return (
    <>
      <ApplicationHeader
        application={application}
        about="webhooks"
        actions={webhooks !== undefined && webhooks.length > 0 && add}
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <WebhooksTable
          application={application}
          webhooks={webhooks}
          empty={
            <EmptyState title="Nobody is told yet" action={add}>
              {mayChange
                ? "A webhook tells a server of yours the moment a session starts or ends, signed so that it can trust the message."
                : "An admin can have a server told the moment a session starts or ends."}
            </EmptyState>
          }
        />
      )}
      <CreateWebhook application={application} opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}
