import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";

interface Props {
  title: string;
  /** What whoever set it has done, in words. */
  did: string;
  change: { set_by: string; set_at: string; confirmable_at: string };
  confirm: () => Promise<unknown>;
  withdraw: () => Promise<unknown>;
  onDone: () => Promise<unknown>;
  readOnly: boolean;
  children: ReactNode;
}

/** A change that waits: to be confirmed by somebody else, or for its time to come. */
export function WaitingChange({ title, did, change, onDone, readOnly, children, ...verbs }: Props) {
  const confirm = useMutation({ mutationFn: verbs.confirm, onSuccess: onDone });
  const withdraw = useMutation({ mutationFn: verbs.withdraw, onSuccess: onDone });
  return (
    <Panel title={title}>
      <p className={classes.dim}>
        {change.set_by} {did}, <Moment at={change.set_at} />. It can be confirmed from{" "}
        <Moment at={change.confirmable_at} /> on.
      </p>
      {children}
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
