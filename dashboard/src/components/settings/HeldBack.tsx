import { IconGavel } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { holdsQuery } from "../../api/holds";
import type { Application } from "../../api/types";
import { Notice } from "../../ui/Notice";

/** What retention passes over at present. */
export function HeldBack({ application }: { application: Application }) {
  const { data: holds = [] } = useQuery(holdsQuery(application.id));
  const standing = holds.filter(({ released_at }) => released_at === null);
  if (standing.length === 0) return null;
  const everything = standing.some(({ subject_id }) => subject_id === null);
  const users = new Set(standing.map(({ subject_id }) => subject_id)).size;
  return (
    <Notice
      tone="calm"
      icon={<IconGavel size={18} />}
      action={
        <Link to="/settings/$applicationId/holds" params={{ applicationId: application.id }}>
          Legal holds
        </Link>
      }
    >
      {everything
        ? "A legal hold stands: nothing in this application’s log is erased."
        : `Legal holds stand: what the log says about ${users === 1 ? "one user" : `${users} users`} is not erased.`}
    </Notice>
  );
}
