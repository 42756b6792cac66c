import { Textarea } from "@mantine/core";
import type { KeyboardEvent, Ref } from "react";
import classes from "./RequestForm.module.css";
import { REASON_MAX_LENGTH, reasonLength } from "./request";

interface Props {
  value: string;
  minimum: number;
  problem: string | undefined;
  onChange: (value: string) => void;
  ref?: Ref<HTMLTextAreaElement>;
}

/** The reason, with what is still missing. Ctrl or ⌘ and Enter send the form. */
export function ReasonField({ value, minimum, problem, onChange, ref }: Props) {
  const length = reasonLength(value);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <Textarea
      ref={ref}
      data-autofocus
      label="Reason"
      required
      placeholder="What does the user need, and what will you look at?"
      description={
        <span className={classes.below}>
          <span>Kept in the audit log under your name.</span>
          <span className={classes.counter} data-enough={length >= minimum}>
            {counter(length, minimum)}
          </span>
        </span>
      }
      inputWrapperOrder={["label", "input", "description", "error"]}
      error={problem}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      maxRows={8}
    />
  );
}

/** Far from both limits only the length; near them what is missing or left. */
function counter(length: number, minimum: number): string {
  if (length < minimum) return `${length} of at least ${minimum} characters`;
  if (length > REASON_MAX_LENGTH) return `${length - REASON_MAX_LENGTH} too many`;
  return `${length} of ${REASON_MAX_LENGTH.toLocaleString()}`;
}
