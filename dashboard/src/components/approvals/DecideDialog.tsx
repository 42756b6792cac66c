import { NumberInput, Switch, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { approveGrant, denyGrant } from "../../api/approvals";
import type { Grant } from "../../api/types";
import { FormButtons } from "../../ui/FormButtons";
import { notify } from "../../ui/notify";
import { WorkDialog } from "../../ui/WorkDialog";
import { nameOf } from "../../wording/people";
import { RefusalNotice } from "../impersonate/RefusalNotice";
import classes from "./Approvals.module.css";

const LONGEST = 1_000;

interface Props {
  grant: Grant;
  answer: "approve" | "deny" | null;
  onClose: () => void;
}

/** The answer to a request. An approval may hold it to less than was asked for. */
export function DecideDialog({ grant, answer, onClose }: Props) {
  const who = `${nameOf(grant.actor)} as ${nameOf(grant.subject)}`;
  // The last answer stays while the dialog fades away.
  const [shown, setShown] = useState(answer);
  if (answer !== null && answer !== shown) setShown(answer);
  return (
    <WorkDialog
      opened={answer !== null}
      onClose={onClose}
      title={shown === "deny" ? `Say no to ${who}` : `Approve ${who}`}
      size="md"
    >
      <Form grant={grant} approving={shown !== "deny"} onClose={onClose} />
    </WorkDialog>
  );
}

interface FormProps {
  grant: Grant;
  approving: boolean;
  onClose: () => void;
}

function Form({ grant, approving, onClose }: FormProps) {
  const queryClient = useQueryClient();
  const [minutes, setMinutes] = useState<number | string>(grant.minutes);
  const [readOnly, setReadOnly] = useState(grant.scope === "read_only");
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: () =>
      approving
        ? approveGrant(grant.id, {
            minutes: Number(minutes),
            scope: readOnly ? "read_only" : grant.scope,
            ...(note.trim() !== "" && { note: note.trim() }),
          })
        : denyGrant(grant.id, note.trim()),
    onSuccess: (decided) => {
      onClose();
      notify(approving && decided.status === "pending" ? "Others have to agree, too." : "Done.");
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["grants"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    decide.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      {approving && (
        <div className={classes.limits}>
          <NumberInput
            label="Minutes"
            description={`At most ${grant.minutes}, as asked for`}
            min={1}
            max={grant.minutes}
            clampBehavior="strict"
            value={minutes}
            onChange={setMinutes}
          />
          <Switch
            label="Read only"
            description="Every change is refused."
            checked={readOnly}
            disabled={grant.scope === "read_only"}
            onChange={(event) => setReadOnly(event.currentTarget.checked)}
          />
        </div>
      )}
      <Textarea
        data-autofocus
        label="Note"
        description="Optional. The actor reads it, and the log keeps it under your name."
        maxLength={LONGEST}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <RefusalNotice error={decide.error} />
      <FormButtons mt="lg" busy={decide.isPending} danger={!approving} onClose={onClose}>
        {approving ? "Approve" : "Say no"}
      </FormButtons>
    </form>
  );
}
