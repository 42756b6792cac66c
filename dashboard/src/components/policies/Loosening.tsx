import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { confirmLoosening, withdrawLoosening } from "../../api/safeguards";
import type { Application, Loosening as Waiting } from "../../api/types";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";
import { TERMS } from "./terms";

interface Props {
  application: Application;
  waiting: Waiting;
  readOnly: boolean;
}

/** A change that would loosen the guards of policies, and takes what they take. */
export function Loosening({ application, waiting, readOnly }: Props) {
  const queryClient = useQueryClient();
  const done = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ["safeguards", application.id] }),
      queryClient.invalidateQueries({ queryKey: ["applications"] }),
    ]);
  const confirm = useMutation({
    mutationFn: () => confirmLoosening(application.id, waiting.id),
    onSuccess: done,
  });
  const withdraw = useMutation({
    mutationFn: () => withdrawLoosening(application.id, waiting.id),
    onSuccess: done,
  });
  return (
    <Panel title="A change of the safeguards waits to be confirmed">
      <p>{wanted(waiting)}</p>
      <p className={classes.dim}>
        {waiting.set_by} asked for it, <Moment at={waiting.set_at} />. It can be confirmed from{" "}
        <Moment at={waiting.confirmable_at} /> on.
      </p>
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

function wanted({ policy_changes: terms, decision_point: point }: Waiting): string {
  if (terms === null)
    return point === null
      ? "No decision point would be asked any more."
      : `Another decision point would be asked: ${point.url}`;
  const name = TERMS.find(({ value }) => value === terms.confirmation)?.label;
  const hours = terms.confirmation === "delay" ? ` (${terms.delay_hours} hours)` : "";
  return `What a change of policies would need: ${name ?? terms.confirmation}${hours}.`;
}
