import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import type { Scope, Settings } from "../../api/types";
import { SCOPES } from "../../wording/sessions";
import classes from "./RequestForm.module.css";
import { type Draft, minuteChoices } from "./request";

interface Props {
  draft: Draft;
  settings: Settings;
  onChange: (part: Partial<Draft>) => void;
}

/** How long the session may last, and how far it reaches. */
export function LimitFields({ draft, settings, onChange }: Props) {
  const minutes = useId();
  const scope = useId();
  const scopes = settings.allowed_scopes;
  return (
    <div className={classes.limits}>
      <div>
        <Input.Label id={minutes} labelElement="div" display="block">
          Minutes
        </Input.Label>
        <SegmentedControl
          aria-labelledby={minutes}
          data={minuteChoices(settings).map(String)}
          value={String(draft.minutes)}
          onChange={(value) => onChange({ minutes: Number(value) })}
        />
        <p className={classes.hint}>
          Never prolonged. Ends after {settings.idle_minutes} idle{" "}
          {settings.idle_minutes === 1 ? "minute" : "minutes"}.
        </p>
      </div>
      <div>
        <Input.Label id={scope} labelElement="div" display="block">
          Scope
        </Input.Label>
        <SegmentedControl
          aria-labelledby={scope}
          data={scopes.map((value) => ({ value, label: SCOPES[value].name }))}
          value={draft.scope}
          disabled={scopes.length === 1}
          onChange={(value) => onChange({ scope: value as Scope })}
        />
        <p className={classes.hint}>{SCOPES[draft.scope].means}</p>
      </div>
    </div>
  );
}
