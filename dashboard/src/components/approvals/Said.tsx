import type { Approval } from "../../api/types";
import { Ago } from "../../ui/Moment";
import classes from "./Approvals.module.css";

/** Who has said what to a request, and what they wrote beside it. */
export function Said({ approvals }: { approvals: Approval[] }) {
  if (approvals.length === 0) return null;
  return (
    <ul className={classes.said} aria-label="What others said">
      {approvals.map((one) => (
        <li key={one.id}>
          {one.operator} {verb(one)} <Ago at={one.withdrawn_at ?? one.decided_at} />
          {one.note !== null && <>: “{one.note}”</>}
        </li>
      ))}
    </ul>
  );
}

function verb({ agreed, withdrawn_at }: Approval): string {
  if (!agreed) return "said no";
  return withdrawn_at === null ? "agreed" : "took their agreement back";
}
