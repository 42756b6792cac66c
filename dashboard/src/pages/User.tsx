import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, useNavigate } from "@tanstack/react-router";
import { subjectQuery } from "../api/directory";
import type { Application } from "../api/types";
import { HoldNotice } from "../components/holds/HoldNotice";
import { ImpersonateDialog } from "../components/impersonate/ImpersonateDialog";
import { ImpersonationOff } from "../components/impersonate/ImpersonationOff";
import { NoApplication } from "../components/settings/NoApplication";
import { UnknownApplication } from "../components/settings/UnknownApplication";
import { PageWaiting } from "../components/states/PageWaiting";
import { AccountHistory } from "../components/users/AccountHistory";
import { ConsentOf } from "../components/users/ConsentOf";
import { EndedNotice } from "../components/users/EndedNotice";
import { hindrance } from "../components/users/may-impersonate";
import { SubjectFacts } from "../components/users/SubjectFacts";
import { SubjectState } from "../components/users/SubjectState";
import classes from "../components/users/User.module.css";
import { UserMenu } from "../components/users/UserMenu";
import { useApplication } from "../hooks/use-application";
import { useMay } from "../hooks/use-me";
import { ErrorState } from "../ui/ErrorState";
import { Face } from "../ui/Face";
import { Notice } from "../ui/Notice";
import { PageHeader } from "../ui/PageHeader";
import { nameOf } from "../wording/people";

export const Route = createLazyRoute("/signed-in/users/$subjectId")({ component: User });

function User() {
  const { application_id } = Route.useSearch();
  const { application, unknown, result } = useApplication(application_id);
  if (result.error)
    return <ErrorState page error={result.error} onRetry={() => void result.refetch()} />;
  if (result.isPending) return <PageWaiting />;
  if (unknown) return <UnknownApplication id={application_id ?? ""} page />;
  if (application === undefined) return <NoApplication />;
  return <InApplication application={application} />;
}

function InApplication({ application }: { application: Application }) {
  const { subjectId } = Route.useParams();
  const { impersonate, reason, ticket, ended } = Route.useSearch();
  const navigate = useNavigate();
  const mayImpersonate = useMay("impersonation.start");
  const { data: subject, error, refetch } = useQuery(subjectQuery(application.id, subjectId));
  if (error) return <ErrorState page error={error} onRetry={() => void refetch()} />;
  if (subject === undefined) return <PageWaiting />;
  const hindered = hindrance(subject, application);
  const name = nameOf(subject);
  // The dialog is part of the address: a link from a ticket opens it filled in, and nothing more.
  const show = (opened: boolean) =>
    void navigate({
      to: "/users/$subjectId",
      params: { subjectId },
      search: { application_id: application.id, ...(opened && { impersonate: true }) },
      replace: true,
    });
  return (
    <>
      <PageHeader
        title={name}
        heading={
          <span className={classes.heading}>
            <Face id={subject.id} name={name} size={52} />
            <span>
              {name} <SubjectState subject={subject} />
              {subject.name !== null && subject.email !== null && (
                <span className={classes.email}>{subject.email}</span>
              )}
            </span>
          </span>
        }
        actions={
          <>
            {mayImpersonate && (
              <Button disabled={hindered !== null} onClick={() => show(true)}>
                Impersonate
              </Button>
            )}
            <UserMenu
              subject={subject}
              application={application}
              onImpersonate={() => show(true)}
            />
          </>
        }
      />
      <EndedNotice sessionId={ended} subject={subject} />
      <ImpersonationOff application={application} />
      <HoldNotice subject={subject} />
      {mayImpersonate && hindered !== null && application.settings.impersonation_allowed && (
        <Notice tone="calm">{hindered}.</Notice>
      )}
      {!mayImpersonate && impersonate === true && (
        <Notice tone="calm" title="Your roles do not include impersonating users">
          Whoever sets the rules does not work under them. An admin can change roles under Team.
        </Notice>
      )}
      <div className={classes.columns}>
        <AccountHistory subject={subject} />
        <div className={classes.side}>
          <ConsentOf subject={subject} />
          <SubjectFacts subject={subject} application={application} />
        </div>
      </div>
      {mayImpersonate && (
        <ImpersonateDialog
          subject={impersonate === true ? subject : null}
          application={application}
          prefill={{ reason, ticket }}
          onClose={() => show(false)}
        />
      )}
    </>
  );
}
