import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState } from "react";
import { applicationsQuery } from "../api/applications";
import type { Application } from "../api/types";
import { CreateApplication } from "../components/settings/CreateApplication";
import { MailServerPanel } from "../components/settings/MailServerPanel";
import classes from "../components/settings/Settings.module.css";
import { useMay } from "../hooks/use-me";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { PageHeader } from "../ui/PageHeader";
import { Pill } from "../ui/Pill";

export const Route = createLazyRoute("/signed-in/settings")({ component: Settings });

function Settings() {
  const mayReadMail = useMay("webhooks.read");
  const mayCreate = useMay("applications.write");
  const [creating, setCreating] = useState(false);
  const { data: applications, error, refetch } = useQuery(applicationsQuery);
  const create = mayCreate && (
    <Button onClick={() => setCreating(true)}>Connect an application</Button>
  );
  return (
    <>
      <PageHeader
        title="Settings"
        lead="The apps whose users your team supports, and the rules in each."
        actions={applications !== undefined && applications.length > 0 && create}
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : applications === undefined ? (
        <Skeleton height={120} radius="lg" />
      ) : applications.length === 0 ? (
        <EmptyState title="No application yet" action={create}>
          {mayCreate
            ? "Connect the first one. It can do nothing until you allow it."
            : "An admin connects the first one."}
        </EmptyState>
      ) : (
        <ul className={classes.cards}>
          {applications.map((application) => (
            <li key={application.id} className={classes.card}>
              <Card application={application} />
            </li>
          ))}
        </ul>
      )}
      {mayReadMail && (
        <div className={classes.below}>
          <MailServerPanel />
        </div>
      )}
      <CreateApplication opened={creating} onClose={() => setCreating(false)} />
    </>
  );
}

function Card({ application }: { application: Application }) {
  const { id, name, status, settings, vertical } = application;
  return (
    <>
      <Link
        to="/settings/$applicationId"
        params={{ applicationId: id }}
        className={classes.cardName}
      >
        {name}
      </Link>
      <span>
        {status !== "active" ? (
          <Pill tone="bad">Disabled</Pill>
        ) : settings.impersonation_allowed ? (
          <Pill tone="good">Impersonation allowed</Pill>
        ) : (
          <Pill tone="quiet">Impersonation off</Pill>
        )}
      </span>
      <span className={classes.cardFacts}>
        {vertical === "b2b" ? "Organizations" : "Single people"} · {settings.blocked_actions.length}{" "}
        blocked · {settings.max_minutes} min at most
      </span>
    </>
  );
}
