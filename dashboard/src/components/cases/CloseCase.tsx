import { Button, Checkbox, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { closeCase } from "../../api/cases";
import type { Case } from "../../api/types";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import classes from "./Cases.module.css";

/** Closes a case with what was found; of one that is closed already, lets its actor work again. */
export function CloseCase({ found }: { found: Case }) {
  const queryClient = useQueryClient();
  const closed = found.closed_at !== null;
  const [note, setNote] = useState("");
  const [ticked, setTicked] = useState(false);
  const [tried, setTried] = useState(false);
  const lift = closed || ticked;
  const missing = note.trim() === "";
  const close = useMutation({
    mutationFn: () => closeCase(found.id, note.trim(), lift),
    onSuccess: () => notify(lift ? "They may work again." : "The case is closed."),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["cases"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing) close.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Textarea
        mt="md"
        required
        label={closed ? "Why they may work again" : "What you found"}
        maxLength={1_000}
        error={tried && missing ? "Say what you found" : null}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={classes.deed}>
        <Button type="submit" loading={close.isPending}>
          {closed ? "Let them work again" : "Close the case"}
        </Button>
        {!closed && (
          <Checkbox
            label="Let them work again"
            checked={ticked}
            onChange={(event) => setTicked(event.currentTarget.checked)}
          />
        )}
      </div>
      <Problem error={close.error} />
    </form>
  );
}
