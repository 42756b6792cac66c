import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Application, Permission } from "../../api/types";
import { webhooksQuery } from "../../api/webhooks";
import { useMe } from "../../hooks/use-me";
import { PageHeader } from "../../ui/PageHeader";
import { Pill } from "../../ui/Pill";
import classes from "./ApplicationHeader.module.css";

const PLACES = [
  { to: "/settings/$applicationId", label: "Settings", needs: "applications.read" },
  { to: "/settings/$applicationId/policies", label: "Policies", needs: "applications.read" },
  { to: "/settings/$applicationId/webhooks", label: "Webhooks", needs: "webhooks.read" },
  { to: "/settings/$applicationId/holds", label: "Legal holds", needs: "holds.read" },
] as const satisfies { to: string; label: string; needs: Permission }[];

interface Props {
  application: Application;
  /** What this page is about, in the tab's title. */
  about: string;
  actions?: ReactNode;
}

/** The head that all pages of one application share, and the way between them. */
export function ApplicationHeader({ application, about, actions }: Props) {
  const { permissions } = useMe();
  const places = PLACES.filter(({ needs }) => permissions.includes(needs));
  return (
    <>
      <PageHeader
        title={`${application.name} ${about}`}
        heading={application.name}
        lead={<Link to="/settings">All applications</Link>}
        actions={
          <>
            {application.status !== "active" && <Pill tone="bad">{application.status}</Pill>}
            {actions}
          </>
        }
      />
      {places.length > 1 && (
        <nav className={classes.places} aria-label={application.name}>
          {places.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              params={{ applicationId: application.id }}
              activeOptions={{ exact: true }}
              className={classes.place}
            >
              {label}
              {label === "Webhooks" && <Troubled applicationId={application.id} />}
            </Link>
          ))}
        </nav>
      )}
    </>
  );
}

/** How many endpoints somebody should look after; nothing while all are well. */
function Troubled({ applicationId }: { applicationId: string }) {
  const { data: webhooks = [] } = useQuery(webhooksQuery(applicationId));
  const troubled = webhooks.filter(
    ({ status, failing_since }) => status === "disabled" || failing_since !== null,
  ).length;
  if (troubled === 0) return null;
  return (
    <span className={classes.count} title={`${troubled} failing or disabled`}>
      <span className="spoken">, </span>
      {troubled}
      <span className="spoken"> failing or disabled</span>
    </span>
  );
}
