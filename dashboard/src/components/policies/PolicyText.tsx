import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { checkPolicies, putPolicies } from "../../api/policies";
import type { Application, Policies } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { notify } from "../../ui/notify";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";

interface Props {
  application: Application;
  policies: Policies;
  text: string;
  readOnly: boolean;
  onChange: (text: string) => void;
}

/** The policies as text, looked through before they are saved. */
export function PolicyText({ application, policies, text, readOnly, onChange }: Props) {
  const queryClient = useQueryClient();
  const check = useMutation({ mutationFn: () => checkPolicies(application.id, text) });
  const save = useMutation({
    mutationFn: () => putPolicies(application.id, text, policies.version),
    onSuccess: async (saved) => {
      notify(saved.proposed === null ? "These policies hold now." : "Proposed, to be confirmed.");
      await queryClient.invalidateQueries({ queryKey: ["policies", application.id] });
    },
  });
  const changed = text !== (policies.in_force?.text ?? "");
  return (
    <Panel
      title="Policies"
      lead={
        policies.version === null
          ? "None are in force: all is as the settings say. These would change nothing."
          : `Version ${policies.version} is in force.`
      }
    >
      <Textarea
        className={classes.text}
        aria-label="Policies in Cedar"
        autosize
        minRows={10}
        maxRows={32}
        spellCheck={false}
        readOnly={readOnly}
        value={text}
        onChange={(event) => {
          check.reset();
          save.reset();
          onChange(event.currentTarget.value);
        }}
      />
      {!readOnly && (
        <div className={classes.buttons}>
          <Button
            disabled={!changed || policies.proposed !== null}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
          <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
            Check
          </Button>
        </div>
      )}
      <div className={classes.result} role="status">
        <Problem error={save.error ?? check.error} />
        {check.data !== undefined && <Faults faults={check.data} />}
      </div>
    </Panel>
  );
}

function Faults({ faults }: { faults: { policy: string | null; message: string }[] }) {
  if (faults.length === 0)
    return <Notice tone="good">Nothing is wrong with these policies.</Notice>;
  return (
    <Notice tone="bad" title="These policies cannot hold">
      <ul className={classes.rules}>
        {faults.map(({ policy, message }) => (
          <li key={`${policy} ${message}`}>
            {policy !== null && <b>{policy}: </b>}
            {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
