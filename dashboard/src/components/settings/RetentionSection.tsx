import { NumberInput } from "@mantine/core";
import type { Application } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Panel } from "../../ui/Panel";
import { useSettingsForm } from "./form";
import { HeldBack } from "./HeldBack";
import classes from "./Settings.module.css";

/** How long the log keeps what its entries say. */
export function RetentionSection({ application }: { application: Application }) {
  const mayHolds = useMay("holds.read");
  const form = useSettingsForm();
  return (
    <Panel
      id="retention"
      title="Retention"
      lead="Afterwards the facts of an entry are erased for good, within minutes, unless a legal hold keeps them; what was decided about the app stays, without names. That an entry existed, when and where in the log, can still be proved. A shorter time takes effect once the longer one before it has passed."
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
      {mayHolds && <HeldBack application={application} />}
    </Panel>
  );
}
