import { Button } from "@mantine/core";
import { Problem } from "../../ui/Problem";
import classes from "./Settings.module.css";

interface Props {
  changes: number;
  busy: boolean;
  error: unknown;
  onDiscard: () => void;
}

/** Appears once something differs from what is in force. */
export function SaveBar({ changes, busy, error, onDiscard }: Props) {
  if (changes === 0) return null;
  return (
    <div className={classes.save}>
      <Problem error={error} />
      <div className={classes.saveRow}>
        <span role="status">
          {changes} {changes === 1 ? "setting" : "settings"} changed
        </span>
        <Button variant="default" onClick={onDiscard}>
          Discard
        </Button>
        <Button type="submit" loading={busy}>
          Save
        </Button>
      </div>
    </div>
  );
}
