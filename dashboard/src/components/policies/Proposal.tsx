import { useQueryClient } from "@tanstack/react-query";
import { confirmPolicies, withdrawPolicies } from "../../api/policies";
import type { Application, PolicySet } from "../../api/types";
import classes from "./Policies.module.css";
import { WaitingChange } from "./WaitingChange";

interface Props {
  application: Application;
  proposed: PolicySet;
  readOnly: boolean;
}

/** Policies that wait: to be confirmed by somebody else, or for their time to come. */
export function Proposal({ application, proposed, readOnly }: Props) {
  const queryClient = useQueryClient();
  const done = () => queryClient.invalidateQueries({ queryKey: ["policies", application.id] });
  const { version, text } = proposed;
  return (
    <WaitingChange
      title={`Version ${version} waits to be confirmed`}
      did="wrote it"
      change={proposed}
      confirm={() => confirmPolicies(application.id, version)}
      withdraw={() => withdrawPolicies(application.id, version)}
      onDone={done}
      readOnly={readOnly}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <pre className={classes.old} tabIndex={0}>
        {text}
      </pre>
    </WaitingChange>
  );
}
