import { Button } from "@mantine/core";
import type { Session } from "../../api/types";
import { useEndSession } from "../../hooks/use-end-session";
import { useOwnSessions } from "../../hooks/use-own-sessions";
import { Countdown } from "../../ui/Countdown";
import { SCOPES } from "../../wording/sessions";
import classes from "./OwnSessions.module.css";

/** A strip for each account that the operator is in right now, with the way out of it. */
export function OwnSessions() {
  const sessions = useOwnSessions();
  return (
    <div role="status" aria-label="Your live sessions">
      {sessions.map((session) => (
        <Strip key={session.id} session={session} />
      ))}
    </div>
  );
}

function Strip({ session }: { session: Session }) {
  const end = useEndSession();
  const { subject } = session;
  return (
    <div className={classes.strip}>
      <span className={classes.light} aria-hidden="true" />
      <span className={classes.words}>
        You are working as <strong>{subject.name ?? subject.email ?? subject.id}</strong>
        <span className={classes.more}> · {SCOPES[session.scope].name}</span>
      </span>
      <Countdown until={session.ends_at} />
      <Button
        size="compact-sm"
        variant="default"
        loading={end.isPending}
        onClick={() => end.mutate(session.id)}
      >
        End
      </Button>
    </div>
  );
}
