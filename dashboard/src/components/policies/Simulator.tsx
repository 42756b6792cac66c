import { Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { simulate } from "../../api/policies";
import type { Application } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";
import { SimulatedDecision } from "./SimulatedDecision";

/** What would be decided if somebody asked, by the text as it stands on this page. */
export function Simulator({ application, text }: { application: Application; text: string }) {
  const [operator, setOperator] = useState("");
  const [subject, setSubject] = useState("");
  const [ticket, setTicket] = useState("");
  const [address, setAddress] = useState("");
  const [minutes, setMinutes] = useState<number | string>("");
  const ask = useMutation({
    mutationFn: () =>
      simulate(application.id, {
        subject_id: subject.trim(),
        operator: operator.trim(),
        text,
        ...(ticket.trim() !== "" && { ticket: ticket.trim() }),
        ...(address.trim() !== "" && { address: address.trim() }),
        ...(minutes !== "" && { minutes: Number(minutes) }),
      }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <Panel title="Try it" lead="By the text above, saved or not. Nothing is granted or written.">
      <form onSubmit={submit}>
        <div className={classes.fields}>
          <TextInput
            label="Operator"
            placeholder="sam@vendor.example"
            value={operator}
            onChange={(event) => setOperator(event.currentTarget.value)}
          />
          <TextInput
            label="User’s id in the app"
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
          />
          <NumberInput label="Minutes" min={1} max={60} value={minutes} onChange={setMinutes} />
          <TextInput
            label="Ticket"
            value={ticket}
            onChange={(event) => setTicket(event.currentTarget.value)}
          />
          <TextInput
            label="Address"
            placeholder="203.0.113.7"
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
        </div>
        <div className={classes.buttons}>
          <Button
            type="submit"
            variant="default"
            disabled={operator.trim() === "" || subject.trim() === ""}
            loading={ask.isPending}
          >
            What would be decided?
          </Button>
        </div>
      </form>
      <Problem error={ask.error} />
      {ask.data !== undefined && <SimulatedDecision decision={ask.data} />}
    </Panel>
  );
}
