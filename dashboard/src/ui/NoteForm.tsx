import { Button, Textarea } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import classes from "./NoteForm.module.css";

interface Props {
  label: string;
  /** What the button does. */
  deed: string;
  busy: boolean;
  onSubmit: (note: string) => void;
  /** Stands beside the button. */
  beside?: ReactNode;
  /** What went wrong the last time. */
  problem?: ReactNode;
}

/** A deed that says what was found; without a word of it nothing is done. */
export function NoteForm({ label, deed, busy, onSubmit, beside, problem }: Props) {
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const missing = note.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing) onSubmit(note.trim());
  };
  return (
    <form onSubmit={submit} noValidate>
      <Textarea
        mt="md"
        required
        label={label}
        maxLength={1_000}
        error={tried && missing ? "Say what you found" : null}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {problem}
      <div className={classes.deed}>
        <Button type="submit" loading={busy}>
          {deed}
        </Button>
        {beside}
      </div>
    </form>
  );
}
