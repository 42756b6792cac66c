import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { grantApprovalsQuery } from "../../api/approvals";
import type { Grant } from "../../api/types";
import { Countdown } from "../../ui/Countdown";
import { Said } from "../approvals/Said";
import classes from "./LaunchPanel.module.css";

const POLL = 3_000;

/** How far a request has come that others have to agree to, and what they said. */
export function AwaitedApproval({ grant }: { grant: Grant }) {
  const waits = grant.status === "pending";
  const { data } = useQuery({
    ...grantApprovalsQuery(grant.id),
    refetchInterval: waits ? POLL : false,
  });
  const approvals = data?.approvals ?? [];
  return (
    <>
      {waits && (
        <p className={classes.text}>
          {data?.agreed ?? 0} of {grant.quorum} agree. You can close this and come back by{" "}
          <Link to="/launch/$grantId" params={{ grantId: grant.id }}>
            its own page
          </Link>
          . Lapses: <Countdown until={grant.expires_at} />
        </p>
      )}
      <div className={classes.said}>
        <Said approvals={approvals} />
      </div>
    </>
  );
}
