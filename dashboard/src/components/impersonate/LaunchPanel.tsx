import { Button, Group, Loader } from "@mantine/core";
import { useState } from "react";
import type { Application, Grant } from "../../api/types";
import { useEndSession } from "../../hooks/use-end-session";
import { useGrantProgress } from "../../hooks/use-grant-progress";
import { Countdown } from "../../ui/Countdown";
import { Problem } from "../../ui/Problem";
import { nameOf } from "../../wording/people";
import { GRANT_STATUSES, overBecause, SCOPES } from "../../wording/sessions";
import { AwaitedApproval } from "./AwaitedApproval";
import { CancelGrant } from "./CancelGrant";
import { LaunchForm } from "./LaunchForm";
import classes from "./LaunchPanel.module.css";
import { type Stage, stageOf } from "./stage";

interface Props {
  grant: Grant;
  application: Application | undefined;
  onClose?: () => void;
}

/** From the permission to the live session: launch, wait for the app, watch, end. */
export function LaunchPanel({ grant: first, application, onClose }: Props) {
  const [launched, setLaunched] = useState(false);
  const { grant, session, inside } = useGrantProgress(first, launched);
  const end = useEndSession();
  const stage = inside ? "live" : stageOf(grant, session, launched);
  const pending = stage === "pending";
  const offered = stage === "ready" || stage === "waiting";
  const who = nameOf(grant.subject);
  const app = application?.name ?? "the app";
  return (
    <div className={classes.panel} data-stage={stage}>
      <div className={classes.scene} role="status">
        {(pending || stage === "waiting") && <Loader size="sm" aria-hidden="true" />}
        <p className={classes.title}>
          {stage === "over" && session === undefined
            ? `Nothing happened in ${who}’s account.`
            : TITLES[stage](who, app)}
        </p>
        {stage === "over" && (
          <p className={classes.text}>
            {session?.end_cause
              ? overBecause(session.end_cause)
              : `${GRANT_STATUSES[grant.status]}.`}
          </p>
        )}
      </div>
      {pending && <AwaitedApproval grant={grant} />}
      {grant.status === "denied" && <AwaitedApproval grant={grant} />}
      {stage === "ready" && (
        <p className={classes.text}>
          {grant.minutes} minutes, {SCOPES[grant.scope].name.toLowerCase()}, from the moment {app}{" "}
          opens. Lapses unless launched: <Countdown until={grant.expires_at} />
        </p>
      )}
      {offered && application?.settings.hand_off === "stytch" && (
        <p className={classes.text}>
          The address that opens holds a token, good once and for five minutes: share neither it nor
          your screen until {app} is there.
        </p>
      )}
      {stage === "waiting" && (
        <p className={classes.text}>{app} opens in the new tab and takes over from there.</p>
      )}
      {inside && (
        <p className={classes.text}>
          Until you end the session, in the banner over {app}, this browser is {who}’s: the
          dashboard is closed to it.
        </p>
      )}
      {stage === "live" && session !== undefined && (
        <p className={classes.time}>
          <Countdown until={session.ends_at} />
        </p>
      )}
      <Problem error={end.error} />
      <Group justify="center" gap="sm">
        {/* One and the same form before and after: a form that leaves the page is not sent. */}
        {offered && (
          <LaunchForm
            grantId={grant.id}
            again={stage === "waiting"}
            onLaunch={() => setLaunched(true)}
          />
        )}
        {(pending || offered) && <CancelGrant grantId={grant.id} />}
        {stage === "live" && session !== undefined && (
          <Button
            color="claret"
            variant="light"
            loading={end.isPending}
            onClick={() => end.mutate(session.id)}
          >
            End session
          </Button>
        )}
        {(stage === "live" || stage === "over") && onClose !== undefined && (
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        )}
      </Group>
    </div>
  );
}

const TITLES: Record<Stage, (who: string, app: string) => string> = {
  pending: () => "Waiting for a colleague to agree…",
  ready: (who) => `${who}’s account is ready for you.`,
  waiting: (_, app) => `Waiting for ${app}…`,
  live: (who) => `You are working as ${who}.`,
  over: (who) => `You are no longer working as ${who}.`,
};
