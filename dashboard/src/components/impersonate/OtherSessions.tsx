import { IconInfoCircle } from "@tabler/icons-react";
import type { Application, Session } from "../../api/types";
import { useOwnSessions } from "../../hooks/use-own-sessions";
import { Notice } from "../../ui/Notice";
import { nameOf } from "../../wording/people";
import { OpenApp } from "./OpenApp";

interface Props {
  application: Application;
  subjectId: string;
  /** The grant that is about to be launched, once there is one. */
  grantId?: string | undefined;
}

/** What launching does to one's other live sessions in the same app: a browser holds one of them. */
export function OtherSessions({ application, subjectId, grantId }: Props) {
  const others = useOwnSessions().filter(
    ({ application_id, grant_id }) => application_id === application.id && grant_id !== grantId,
  );
  if (application.settings.session_origins) {
    const same = others.find(({ subject }) => subject.id === subjectId);
    return (
      others.length > 0 && (
        <Notice
          tone="live"
          icon={<IconInfoCircle size={18} />}
          action={same && <OpenApp session={same} />}
        >
          {sideBySide(others, application)}
        </Notice>
      )
    );
  }
  return others.map((session) => (
    <Notice
      key={session.id}
      tone="live"
      icon={<IconInfoCircle size={18} />}
      action={session.subject.id === subjectId && <OpenApp session={session} />}
    >
      {`${called(session, application)} ends when you launch this one.`}
    </Notice>
  ));
}

function called(session: Session, application: Application): string {
  return `Your session as ${nameOf(session.subject)} in ${application.name}`;
}

function sideBySide(sessions: Session[], application: Application): string {
  const [only, ...more] = sessions;
  return only && more.length === 0
    ? `${called(only, application)} goes on: each session has an address of its own, and both stay side by side.`
    : `Your ${sessions.length} sessions in ${application.name} go on: each has an address of its own, and all stay side by side.`;
}
