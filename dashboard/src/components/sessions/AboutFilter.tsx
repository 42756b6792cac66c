import { CloseButton } from "@mantine/core";
import { Pill } from "../../ui/Pill";
import classes from "./AboutFilter.module.css";

interface Props {
  label: string;
  value: string | undefined;
  onClear: () => void;
}

/** A filter that came with a link: what it is, and the way to drop it. */
export function AboutFilter({ label, value, onClear }: Props) {
  if (value === undefined) return null;
  return (
    <span className={classes.filter}>
      <Pill tone="calm">
        {label} <code>{value}</code>
      </Pill>
      <CloseButton size="sm" aria-label={`Drop the filter ${label}`} onClick={onClear} />
    </span>
  );
}
