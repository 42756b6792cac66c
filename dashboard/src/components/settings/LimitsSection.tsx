import { Checkbox, NumberInput, Radio, Switch } from "@mantine/core";
import type { Scope } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { SCOPES } from "../../wording/sessions";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

const ALL: Scope[] = ["read_only", "full"];

/** How long, how far, and what has to be said. */
export function LimitsSection() {
  const form = useSettingsForm();
  return (
    <Panel
      id="limits"
      title="Limits"
      lead="A session is never prolonged. Sixty minutes are the most that any setting can give."
    >
      <div className={classes.numbers}>
        <NumberInput
          label="Longest session"
          suffix=" min"
          min={1}
          max={60}
          {...form.getInputProps("max_minutes")}
        />
        <NumberInput
          label="Usual session"
          suffix=" min"
          min={1}
          max={60}
          {...form.getInputProps("default_minutes")}
        />
        <NumberInput
          label="Ends when idle for"
          suffix=" min"
          min={1}
          max={60}
          {...form.getInputProps("idle_minutes")}
        />
        <NumberInput
          label="Reason, at least"
          suffix=" characters"
          min={1}
          max={500}
          {...form.getInputProps("reason_min_length")}
        />
      </div>
      <Switch
        mt="lg"
        label="Require a ticket"
        description="A request without a ticket is refused."
        {...form.getInputProps("ticket_required", { type: "checkbox" })}
      />
      <Switch
        mt="lg"
        label="Let single changes be asked for"
        description="In a session that only reads. Somebody else allows that change alone, once."
        {...form.getInputProps("unlocks", { type: "checkbox" })}
      />
      <ScopeFields />
    </Panel>
  );
}

function ScopeFields() {
  const form = useSettingsForm();
  const { allowed_scopes, default_scope } = form.values;
  const allow = (scopes: string[]) => {
    const allowed = ALL.filter((scope) => scopes.includes(scope));
    const [first] = allowed;
    if (first === undefined) return;
    form.setFieldValue("allowed_scopes", allowed);
    if (!allowed.includes(default_scope)) form.setFieldValue("default_scope", first);
  };
  return (
    <div className={classes.scopes}>
      <Checkbox.Group label="Allowed scopes" value={allowed_scopes} onChange={allow}>
        {ALL.map((scope) => (
          <Checkbox
            key={scope}
            mt="xs"
            value={scope}
            label={SCOPES[scope].name}
            description={SCOPES[scope].means}
          />
        ))}
      </Checkbox.Group>
      <Radio.Group
        label="Chosen at first"
        value={default_scope}
        onChange={(scope) => form.setFieldValue("default_scope", scope as Scope)}
      >
        {ALL.map((scope) => (
          <Radio
            key={scope}
            mt="xs"
            value={scope}
            label={SCOPES[scope].name}
            disabled={!allowed_scopes.includes(scope)}
          />
        ))}
      </Radio.Group>
    </div>
  );
}
