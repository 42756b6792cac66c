import { Link } from "@tanstack/react-router";
import type { Session } from "../../api/types";
import { useOwnSessions } from "../../hooks/use-own-sessions";
import { Countdown } from "../../ui/Countdown";
import { nameOf } from "../../wording/people";
import { SCOPES } from "../../wording/sessions";
import { OpenApp } from "../impersonate/OpenApp";
import { EndOwn } from "../sessions/EndOwn";
import classes from "./OwnSessions.module.css";

/** Beyond these the page itself would be pushed away. */
const SHOWN = 2;

/** A strip for each account that the operator is in right now, with the way out of it. */
export function OwnSessions() {
  const sessions = useOwnSessions();
  return (
    <div role="status" aria-label="Your live sessions">
      {sessions.slice(0, SHOWN).map((session) => (
        <Strip key={session.id} session={session} />
      ))}
      {sessions.length > SHOWN && (
        <div className={classes.strip}>
          <Link to="/sessions">And {sessions.length - SHOWN} more of your live sessions</Link>
        </div>
      )}
    </div>
  );
}

function Strip({ session }: { session: Session }) {
  return (
    <div className={classes.strip}>
      <span className={classes.light} aria-hidden="true" />
      <span className={classes.words}>
        You are working as <strong>{nameOf(session.subject)}</strong>
        <span className={classes.more}> · {SCOPES[session.scope].name}</span>
      </span>
      <Countdown until={session.ends_at} />
      <OpenApp session={session} />
      <EndOwn session={session} />
    </div>
  );
}
