import { Switch } from "@mantine/core";
import type { Settings } from "../../api/types";
import classes from "./RequestForm.module.css";
import type { Draft } from "./request";

interface Props {
  draft: Draft;
  settings: Settings;
  onChange: (part: Partial<Draft>) => void;
}

/** That colleagues have to agree first, and the way around them where there is one. */
export function ApprovalField({ draft, settings: { approval }, onChange }: Props) {
  if (approval.quorum === 0) return null;
  const who = approval.quorum === 1 ? "A colleague has" : `${approval.quorum} colleagues have`;
  return (
    <div>
      <p className={classes.hint}>{who} to agree before you can launch.</p>
      {approval.break_glass && (
        <Switch
          mt="xs"
          label="Go ahead without approval"
          description={`For emergencies: at most ${approval.break_glass_minutes} minutes, an alert is raised, and a colleague reviews it.`}
          checked={draft.breakGlass}
          onChange={(event) => onChange({ breakGlass: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}
