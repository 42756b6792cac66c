import { Switch } from "@mantine/core";
import type { Application } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

/** The switch that everything else waits for. */
export function ImpersonationSection({ application }: { application: Application }) {
  const form = useSettingsForm();
  const was = application.settings.impersonation_allowed;
  const turnsOff = was && !form.values.impersonation_allowed;
  return (
    <Panel id="impersonation">
      <Switch
        size="lg"
        classNames={{ body: classes.switchBody, labelWrapper: classes.switchLabel }}
        labelPosition="left"
        label="Allow user impersonation"
        description={`Off until you say otherwise. While on, operators with the role Support manager, and the backend of ${application.name}, can work in a user’s account: with a reason, for a limited time, in both names, in the log.`}
        {...form.getInputProps("impersonation_allowed", { type: "checkbox" })}
      />
      {turnsOff && (
        <p className={classes.warning} role="status">
          Saving this ends every live session in {application.name} at once.
        </p>
      )}
    </Panel>
  );
}
