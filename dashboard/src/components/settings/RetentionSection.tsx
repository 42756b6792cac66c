import { NumberInput } from "@mantine/core";
import { IconGavel } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { holdsQuery } from "../../api/holds";
import type { Application } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { useSettingsForm } from "./form";
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
      {mayHolds && <Held application={application} />}
    </Panel>
  );
}

/** What retention passes over at present. */
function Held({ application }: { application: Application }) {
  const { data: holds = [] } = useQuery(holdsQuery(application.id));
  const standing = holds.filter(({ released_at }) => released_at === null);
  if (standing.length === 0) return null;
  const everything = standing.some(({ subject_id }) => subject_id === null);
  const users = new Set(standing.map(({ subject_id }) => subject_id)).size;
  return (
    <Notice
      tone="calm"
      icon={<IconGavel size={18} />}
      action={
        <Link to="/settings/$applicationId/holds" params={{ applicationId: application.id }}>
          Legal holds
        </Link>
      }
    >
      {everything
        ? "A legal hold stands: nothing in this application’s log is erased."
        : `Legal holds stand: what the log says about ${users === 1 ? "one user" : `${users} users`} is not erased.`}
    </Notice>
  );
}
