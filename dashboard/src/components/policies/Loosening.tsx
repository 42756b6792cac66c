import { useQueryClient } from "@tanstack/react-query";
import { confirmLoosening, withdrawLoosening } from "../../api/safeguards";
import type { Application, Loosening as Waiting } from "../../api/types";
import { TERMS } from "./terms";
import { WaitingChange } from "./WaitingChange";

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
  return (
    <WaitingChange
      title="A change of the safeguards waits to be confirmed"
      did="asked for it"
      change={waiting}
      confirm={() => confirmLoosening(application.id, waiting.id)}
      withdraw={() => withdrawLoosening(application.id, waiting.id)}
      onDone={done}
      readOnly={readOnly}
    >
      <p>{wanted(waiting)}</p>
    </WaitingChange>
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
