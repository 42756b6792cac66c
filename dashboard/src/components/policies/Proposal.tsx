import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { confirmPolicies, withdrawPolicies } from "../../api/policies";
import type { Application, PolicySet } from "../../api/types";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";

interface Props {
  application: Application;
  proposed: PolicySet;
  readOnly: boolean;
}

/** Policies that wait: to be confirmed by somebody else, or for their time to come. */
export function Proposal({ application, proposed, readOnly }: Props) {
  const queryClient = useQueryClient();
  const done = () => queryClient.invalidateQueries({ queryKey: ["policies", application.id] });
  const { version, set_by, set_at, confirmable_at, text } = proposed;
  const confirm = useMutation({
    mutationFn: () => confirmPolicies(application.id, version),
    onSuccess: done,
  });
  const withdraw = useMutation({
    mutationFn: () => withdrawPolicies(application.id, version),
    onSuccess: done,
  });
  return (
    <Panel title={`Version ${version} waits to be confirmed`}>
      <p className={classes.dim}>
        {set_by} wrote it, <Moment at={set_at} />. It can be confirmed from{" "}
        <Moment at={confirmable_at} /> on.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <pre className={classes.old} tabIndex={0}>
        {text}
      </pre>
      {!readOnly && (
        <div className={classes.buttons}>
          <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
            Confirm
          </Button>
          <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            Withdraw
          </Button>
        </div>
      )}
      <Problem error={confirm.error ?? withdraw.error} />
    </Panel>
  );
}
