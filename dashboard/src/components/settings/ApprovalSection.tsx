import { Checkbox, NumberInput, Switch, TagsInput } from "@mantine/core";
import type { Role } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { ROLES } from "../../wording/roles";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

const MAY_AGREE: Role[] = ["approver", "support_manager", "admin"];

/** Whether colleagues have to agree before somebody works as a user, and who they are. */
export function ApprovalSection() {
  const form = useSettingsForm();
  const on = Number(form.values.approval.quorum) > 0;
  return (
    <Panel
      id="approval"
      title="Approval"
      lead="How many colleagues have to agree before somebody works as a user; 0 asks nobody. Nobody agrees to their own request, and every rule is asked again after they did."
    >
      <div className={classes.numbers}>
        <NumberInput
          label="Have to agree"
          min={0}
          max={5}
          {...form.getInputProps("approval.quorum")}
        />
        <NumberInput
          label="A request waits"
          suffix=" min"
          min={1}
          max={480}
          disabled={!on}
          {...form.getInputProps("approval.pending_minutes")}
        />
        <NumberInput
          label="Without approval, at most"
          suffix=" min"
          min={1}
          max={60}
          disabled={!on || !form.values.approval.break_glass}
          {...form.getInputProps("approval.break_glass_minutes")}
        />
      </div>
      <Checkbox.Group
        mt="lg"
        label="Who may agree"
        value={form.values.approval.roles}
        onChange={(roles) =>
          form.setFieldValue(
            "approval.roles",
            MAY_AGREE.filter((role) => roles.includes(role)),
          )
        }
        error={form.errors["approval.roles"]}
      >
        {MAY_AGREE.map((role) => (
          <Checkbox key={role} mt="xs" value={role} label={ROLES[role].name} disabled={!on} />
        ))}
      </Checkbox.Group>
      <TagsInput
        mt="lg"
        label="Groups that may agree"
        description="Their members as well, beside the roles, or instead of them where none is ticked. Who is in which group is said under Team."
        placeholder="billing-leads"
        disabled={!on}
        {...form.getInputProps("approval.groups")}
      />
      <Switch
        mt="lg"
        label="Allow going ahead without approval"
        description="For emergencies. It raises an alert, lasts less, and a colleague has to review it."
        disabled={!on}
        {...form.getInputProps("approval.break_glass", { type: "checkbox" })}
      />
    </Panel>
  );
}
