import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { applicationsQuery } from "../api/applications";
import { grantQuery } from "../api/impersonations";
import classes from "../components/impersonate/LaunchPage.module.css";
import { LaunchPanel } from "../components/impersonate/LaunchPanel";
import { OtherSessions } from "../components/impersonate/OtherSessions";
import { PageWaiting } from "../components/states/PageWaiting";
import { isOwn, useMe } from "../hooks/use-me";
import { ErrorState } from "../ui/ErrorState";
import { Facts } from "../ui/Facts";
import { Notice } from "../ui/Notice";
import { PageHeader } from "../ui/PageHeader";
import { Panel } from "../ui/Panel";
import { nameOf } from "../wording/people";
import { SCOPES } from "../wording/sessions";

export const Route = createLazyRoute("/signed-in/launch/$grantId")({ component: Launch });

/** Where a launch link leads: what it is about, and one button. Nothing happens without a click. */
function Launch() {
  const { grantId } = Route.useParams();
  const me = useMe();
  const { data: grant, error, refetch } = useQuery(grantQuery(grantId));
  const { data: applications } = useQuery(applicationsQuery);
  if (error) return <ErrorState page error={error} onRetry={() => void refetch()} />;
  if (grant === undefined) return <PageWaiting />;
  const application = applications?.find(({ id }) => id === grant.application_id);
  const { subject, actor } = grant;
  const who = nameOf(subject);
  return (
    <div className={classes.page}>
      <PageHeader title={`Work as ${who}`} />
      {isOwn(grant, me) ? (
        <Panel>
          {application !== undefined && (
            <OtherSessions application={application} subjectId={subject.id} grantId={grant.id} />
          )}
          <LaunchPanel grant={grant} application={application} />
        </Panel>
      ) : (
        <Notice tone="calm" title="This was permitted to somebody else">
          Only {nameOf(actor)} can launch it.
        </Notice>
      )}
      <Panel title="What was asked for">
        <Facts
          facts={[
            ["User", subject.email === null ? who : `${who}, ${subject.email}`],
            ["Application", application?.name],
            ["Organization", grant.organization?.name ?? grant.organization?.id],
            ["Reason", grant.reason],
            ["Ticket", grant.ticket],
            ["Scope", SCOPES[grant.scope].name],
            ["Minutes", grant.minutes],
          ]}
        />
      </Panel>
    </div>
  );
}
