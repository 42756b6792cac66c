import type { Simulated } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { SCOPES } from "../../wording/sessions";
import { Opinion } from "./Opinion";
import classes from "./Policies.module.css";

/** A decision, and everything that speaks against it. */
export function SimulatedDecision({ decision }: { decision: Simulated }) {
  const { permitted, approvals, minutes, scope, policies } = decision;
  const limits = `For ${minutes} minutes, ${scope !== null && SCOPES[scope].name.toLowerCase()}.`;
  const approvers = policies?.approvers ?? [];
  const whose = approvers.length > 0 ? ` (${approvers.join(", ")})` : "";
  const refusing = decision.rules.filter(({ refuses }) => refuses);
  return (
    <div className={classes.result} role="status">
      {permitted ? (
        <Notice tone="good" title="Permitted">
          {limits}
        </Notice>
      ) : approvals > 0 ? (
        <Notice tone="calm" title={`Permitted once ${approvals} agree`}>
          {limits}
        </Notice>
      ) : (
        <Notice tone="bad" title="Refused">
          <ul className={classes.rules}>
            {refusing.map(({ code, text, lift }) => (
              <li key={code}>
                {text} <span className={classes.dim}>{lift}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {policies !== null && (
        <p className={classes.dim}>
          {policies.deciding.length > 0
            ? `Policies that decided: ${policies.deciding.join(", ")}.`
            : "No policy permits it."}{" "}
          {policies.approvals > 0 && `Wants ${policies.approvals} to agree${whose}. `}
          {policies.unlocks.length > 0 &&
            `Allows at once, where a session only reads and asks: ${policies.unlocks.join(", ")}. `}
          {policies.faults.join(" ")}
        </p>
      )}
      {decision.decision_point !== null && <Opinion opinion={decision.decision_point} />}
      <p className={classes.dim}>{decision.rules.length} rules were asked.</p>
    </div>
  );
}
