import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { holdsQuery } from "../api/holds";
import type { Application } from "../api/types";
import { HoldsTable } from "../components/holds/HoldsTable";
import { PlaceHold } from "../components/holds/PlaceHold";
import { ApplicationHeader } from "../components/settings/ApplicationHeader";
import { OfApplication } from "../components/settings/OfApplication";
import { useMay } from "../hooks/use-me";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";

export const Route = createLazyRoute("/signed-in/settings/$applicationId/holds")({
  component: Holds,
});

function Holds() {
  const { applicationId } = Route.useParams();
  return (
    <OfApplication id={applicationId}>
      {(application) => <OfOne key={application.id} application={application} />}
    </OfApplication>
  );
}

function OfOne({ application }: { application: Application }) {
  const mayPlace = useMay("holds.write");
  const [placing, setPlacing] = useState(false);
  const { data: holds, error, refetch } = useQuery(holdsQuery(application.id));
  const place = mayPlace && (
    <Button onClick={() => setPlacing(true)}>Hold the whole application</Button>
  );
  return (
    <>
      <ApplicationHeader
        application={application}
        about="legal holds"
        actions={holds !== undefined && holds.length > 0 && place}
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <HoldsTable
          application={application}
          holds={holds}
          empty={
            <EmptyState title="Nothing is held" action={place}>
              While a legal hold stands, nothing that it covers is erased: neither by retention nor
              on request. For a single user, it is placed on the user’s page.
            </EmptyState>
          }
        />
      )}
      <PlaceHold application={application} opened={placing} onClose={() => setPlacing(false)} />
    </>
  );
}
