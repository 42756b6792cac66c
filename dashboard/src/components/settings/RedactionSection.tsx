import { Checkbox, NativeSelect, Switch, TextInput } from "@mantine/core";
import type { Application, RedactionRule } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { OpenRoutes } from "./OpenRoutes";
import { AddRow, RemoveRow } from "./RowButtons";
import { DEEDS, DETECTORS, KINDS } from "./redaction-words";
import classes from "./Settings.module.css";
import { TryRedaction } from "./TryRedaction";

const KIND_CHOICES = Object.entries(KINDS).map(([value, label]) => ({ value, label }));
const EXAMPLES = { field: "tax_id", path: "customer.addresses.*.street", detector: "" };
const REVEALABLE = "May be shown for ten minutes to an actor who says why";
const EMPTY: Required<RedactionRule> = {
  kind: "field",
  match: "",
  deed: "mask",
  revealable: false,
};
const NEW_RULE = () => row(EMPTY);

/** What of the app's answers nobody sees while they work as a user. */
export function RedactionSection({ application }: { application: Application }) {
  const form = useSettingsForm();
  const { rules } = form.values.redaction;
  return (
    <Panel
      id="redaction"
      title="Hidden fields"
      lead={
        <>
          Masked in what the app answers, and never saved back. With a rule of your own, sessions
          are served by Understudy’s guard for Python alone, and files that cannot be looked through
          are held back.
        </>
      }
    >
      <Switch
        label="Secrets and tokens"
        description="By the names of their fields, such as api_key, and by how known ones begin."
        {...form.getInputProps("redaction.secrets", { type: "checkbox" })}
      />
      <div className={classes.part}>
        <ul className={classes.rows}>
          {rules.map(({ key, kind, match }, place) => (
            <li key={key} className={`${classes.action} ${classes.hides}`}>
              <NativeSelect
                aria-label={`What hidden field ${place + 1} is found by`}
                data={KIND_CHOICES}
                value={kind}
                onChange={({ currentTarget }) => {
                  const next = currentTarget.value as RedactionRule["kind"];
                  form.setFieldValue(`redaction.rules.${place}.kind`, next);
                  form.setFieldValue(
                    `redaction.rules.${place}.match`,
                    next === "detector" ? "email" : "",
                  );
                }}
              />
              {kind === "detector" ? (
                <NativeSelect
                  aria-label={`What hidden field ${place + 1} looks like`}
                  data={DETECTORS}
                  {...form.getInputProps(`redaction.rules.${place}.match`)}
                />
              ) : (
                <TextInput
                  aria-label={`Name of hidden field ${place + 1}`}
                  placeholder={EXAMPLES[kind]}
                  classNames={{ input: classes.mono ?? "" }}
                  {...form.getInputProps(`redaction.rules.${place}.match`)}
                />
              )}
              <NativeSelect
                aria-label={`What becomes of hidden field ${place + 1}`}
                data={DEEDS}
                {...form.getInputProps(`redaction.rules.${place}.deed`)}
              />
              <RemoveRow
                label={`Show ${match || `field ${place + 1}`} again`}
                onClick={() => form.removeListItem("redaction.rules", place)}
              />
              {!(kind === "detector" && match === "token") && (
                <Checkbox
                  size="xs"
                  className={classes.revealable ?? ""}
                  label={REVEALABLE}
                  aria-label={`${REVEALABLE}: ${match || `hidden field ${place + 1}`}`}
                  {...form.getInputProps(`redaction.rules.${place}.revealable`, {
                    type: "checkbox",
                  })}
                />
              )}
            </li>
          ))}
        </ul>
        <AddRow onClick={() => form.insertListItem("redaction.rules", NEW_RULE())}>
          Hide a field
        </AddRow>
      </div>
      <OpenRoutes />
      <TryRedaction application={application} />
    </Panel>
  );
}
