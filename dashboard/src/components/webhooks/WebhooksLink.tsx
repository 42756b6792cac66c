import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { applicationsQuery } from "../../api/applications";

/** The way back to all endpoints of an application. */
export function WebhooksLink({ applicationId }: { applicationId: string }) {
  const { data: applications } = useQuery(applicationsQuery);
  const name = applications?.find(({ id }) => id === applicationId)?.name;
  return (
    <Link to="/settings/$applicationId/webhooks" params={{ applicationId }}>
      {name === undefined ? "All webhooks" : `Webhooks of ${name}`}
    </Link>
  );
}
