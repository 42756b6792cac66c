import { Link } from "@tanstack/react-router";
import type { Entry } from "../../api/types";
import { useMay } from "../../hooks/use-me";

/** The webhook or the hold that an entry is about, with the way to it for those who may see it. */
export function Concerned({ entry: { application_id, details } }: { entry: Entry }) {
  const mayHooks = useMay("webhooks.read");
  const mayHolds = useMay("holds.read");
  const { endpoint_id, hold_id } = details;
  const id = <code>{String(endpoint_id ?? hold_id)}</code>;
  if (application_id === null) return id;
  const params = { applicationId: application_id };
  if (typeof endpoint_id === "string" && mayHooks) {
    return (
      <Link
        to="/settings/$applicationId/webhooks/$endpointId"
        params={{ ...params, endpointId: endpoint_id }}
      >
        {id}
      </Link>
    );
  }
  if (typeof hold_id === "string" && mayHolds) {
    return (
      <Link to="/settings/$applicationId/holds" params={params}>
        {id}
      </Link>
    );
  }
  return id;
}
