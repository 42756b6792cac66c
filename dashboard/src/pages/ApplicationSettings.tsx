import { createLazyRoute, Link } from "@tanstack/react-router";
import type { Application } from "../api/types";
import { ApplicationHeader } from "../components/settings/ApplicationHeader";
import { ConnectSection } from "../components/settings/ConnectSection";
import { contentsOf } from "../components/settings/contents";
import { HelpDeskPanel } from "../components/settings/HelpDeskPanel";
import { OfApplication } from "../components/settings/OfApplication";
import { SecretSection } from "../components/settings/SecretSection";
import classes from "../components/settings/Settings.module.css";
import { SettingsFacts } from "../components/settings/SettingsFacts";
import { SettingsForm } from "../components/settings/SettingsForm";
import { StatusSection } from "../components/settings/StatusSection";
import { useMay } from "../hooks/use-me";
import { Notice } from "../ui/Notice";

export const Route = createLazyRoute("/signed-in/settings/$applicationId")({
  component: ApplicationSettings,
});

function ApplicationSettings() {
  const { applicationId } = Route.useParams();
  return (
    <OfApplication id={applicationId}>
      {(application) => <Sections application={application} />}
    </OfApplication>
  );
}

function Sections({ application }: { application: Application }) {
  const mayChange = useMay("applications.write");
  return (
    <>
      <ApplicationHeader application={application} about="settings" />
      {!mayChange && (
        <Notice tone="calm">You can look at these settings. Admins change them.</Notice>
      )}
      <div className={classes.page}>
        <div className={classes.sections}>
          {mayChange ? (
            <SettingsForm key={application.id} application={application} />
          ) : (
            <SettingsFacts application={application} />
          )}
          <HelpDeskPanel key={`desk ${application.id}`} application={application} />
          <SecretSection application={application} readOnly={!mayChange} />
          <ConnectSection key={`connect ${application.id}`} application={application} />
          {mayChange && <StatusSection key={application.id} application={application} />}
        </div>
        <nav className={classes.contents} aria-label="On this page">
          {contentsOf(application, mayChange).map(([hash, label]) => (
            <Link
              key={hash}
              to="/settings/$applicationId"
              params={{ applicationId: application.id }}
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
