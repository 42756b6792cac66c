import { IconUsersGroup } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Subject } from "../../api/types";
import { useOwnSessions } from "../../hooks/use-own-sessions";
import { Notice } from "../../ui/Notice";

/** Two people in one account confuse each other. */
export function AlreadyIn({ subject }: { subject: Subject }) {
  const own = useOwnSessions();
  const { application_id, id, live_session_id } = subject;
  // Of one's own session is told beside what a launch does to it.
  if (live_session_id === null || own.some((session) => session.id === live_session_id))
    return null;
  return (
    <Notice
      tone="live"
      icon={<IconUsersGroup size={18} />}
      action={
        <Link to="/sessions" search={{ application_id, subject_id: id }}>
          See who
        </Link>
      }
    >
      Somebody is working in this account right now.
    </Notice>
  );
}
