import { NumberInput } from "@mantine/core";
import { Panel } from "../../ui/Panel";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

/** How long the log keeps what its entries say. */
export function RetentionSection() {
  const form = useSettingsForm();
  return (
    <Panel
      id="retention"
      title="Retention"
      lead="Afterwards the facts of an entry are erased for good. That it existed, when and where in the log, stays and can still be proved."
    >
      <div className={classes.numbers}>
        <NumberInput
          label="Keep facts for"
          suffix=" days"
          min={1}
          max={3_650}
          {...form.getInputProps("retention_days")}
        />
      </div>
    </Panel>
  );
}
