import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { applicationsQuery } from "../api/applications";
import { ConnectSection } from "../components/settings/ConnectSection";
import { SecretSection } from "../components/settings/SecretSection";
import classes from "../components/settings/Settings.module.css";
import { SettingsForm } from "../components/settings/SettingsForm";
import { StatusSection } from "../components/settings/StatusSection";
import { PageMissing } from "../components/states/PageMissing";
import { PageWaiting } from "../components/states/PageWaiting";
import { useMay } from "../hooks/use-me";
import { ErrorState } from "../ui/ErrorState";
import { Notice } from "../ui/Notice";
import { PageHeader } from "../ui/PageHeader";
import { Pill } from "../ui/Pill";

export const Route = createLazyRoute("/signed-in/settings/$applicationId")({
  component: ApplicationSettings,
});

const CONTENTS = [
  ["impersonation", "Allow"],
  ["limits", "Limits"],
  ["blocked", "Blocked actions"],
  ["addresses", "Addresses"],
  ["ranks", "Ranks of roles"],
  ["retention", "Retention"],
  ["secret", "Secret"],
  ["connect", "Connect the app"],
  ["application", "Application"],
] as const;

function ApplicationSettings() {
  const { applicationId } = Route.useParams();
  const mayChange = useMay("applications.write");
  const { data: applications, error, refetch } = useQuery(applicationsQuery);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (applications === undefined) return <PageWaiting />;
  const application = applications.find(({ id }) => id === applicationId);
  if (application === undefined) return <PageMissing />;
  return (
    <>
      <PageHeader
        title={`${application.name} settings`}
        heading={application.name}
        lead={<Link to="/settings">All applications</Link>}
        actions={application.status !== "active" && <Pill tone="bad">{application.status}</Pill>}
      />
      {!mayChange && (
        <Notice tone="calm">You can look at these settings. Admins change them.</Notice>
      )}
      <div className={classes.page}>
        <div className={classes.sections}>
          <SettingsForm key={application.id} application={application} readOnly={!mayChange} />
          <SecretSection application={application} readOnly={!mayChange} />
          <ConnectSection application={application} />
          {mayChange && <StatusSection key={application.id} application={application} />}
        </div>
        <nav className={classes.contents} aria-label="On this page">
          {CONTENTS.map(([hash, label]) => (
            <Link
              key={hash}
              to="/settings/$applicationId"
              params={{ applicationId }}
              hash={hash}
              replace
            >
              {label}
            </Link>
          ))}
        </nav>
      </div>
    </>
  );
}
