import { IconDoorExit } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/impersonations";
import type { Session, Subject } from "../../api/types";
import { isOwn, useMe } from "../../hooks/use-me";
import { span } from "../../ui/duration";
import { Notice } from "../../ui/Notice";
import { overBecause } from "../../wording/sessions";
import { Ticket } from "./Ticket";

interface Props {
  sessionId: string | undefined;
  subject: Subject;
}

/** Says to whoever comes back from the app what became of the session, and where it began. */
export function EndedNotice({ sessionId, subject }: Props) {
  const me = useMe();
  const { data: session } = useQuery(sessionQuery(sessionId));
  // The address can be made up: only one's own session in this very account is told of.
  if (session === undefined || !isOwn(session, me) || !isIn(session, subject)) return null;
  return (
    <Notice
      tone="calm"
      icon={<IconDoorExit size={18} />}
      title="You are yourself again"
      action={<Ticket ticket={session.ticket} />}
    >
      {whatBecameOf(session)}
    </Notice>
  );
}

function isIn(session: Session, subject: Subject): boolean {
  return session.application_id === subject.application_id && session.subject.id === subject.id;
}

function whatBecameOf({ started_at, ended_at, end_cause }: Session): string {
  if (ended_at === null || end_cause === null) return "Your session in this account is ending.";
  const lasted = span(Date.parse(ended_at) - Date.parse(started_at));
  return `${overBecause(end_cause)} It lasted ${lasted}.`;
}
