import { IconUsersGroup } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Subject } from "../../api/types";
import { Notice } from "../../ui/Notice";

/** Two people in one account confuse each other. */
export function AlreadyIn({ subject }: { subject: Subject }) {
  if (subject.live_session_id === null) return null;
  const { application_id, id } = subject;
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
