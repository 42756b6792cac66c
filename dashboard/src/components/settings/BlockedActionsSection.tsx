import { NativeSelect, TextInput } from "@mantine/core";
import { Panel } from "../../ui/Panel";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { AddRow, RemoveRow } from "./RowButtons";
import classes from "./Settings.module.css";

const METHODS = [
  { value: "*", label: "any" },
  ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((value) => ({ value, label: value })),
];

/** What answers 403 in every session, whatever its scope. */
export function BlockedActionsSection() {
  const form = useSettingsForm();
  const actions = form.values.blocked_actions;
  return (
    <Panel
      id="blocked"
      title="Blocked actions"
      lead={
        <>
          Refused in every session: passwords, second factors, payouts, exports.{" "}
          <code>{"{id}"}</code> stands for one part of a path, a final <code>/**</code> for any
          rest.
        </>
      }
    >
      <ul className={classes.rows}>
        {actions.map(({ key, label }, place) => (
          <li key={key} className={classes.action}>
            <NativeSelect
              aria-label={`Method of blocked action ${place + 1}`}
              data={METHODS}
              {...form.getInputProps(`blocked_actions.${place}.method`)}
            />
            <TextInput
              aria-label={`Path of blocked action ${place + 1}`}
              placeholder="/account/password"
              classNames={{ input: classes.mono ?? "" }}
              {...form.getInputProps(`blocked_actions.${place}.pattern`)}
            />
            <TextInput
              aria-label={`What blocked action ${place + 1} is`}
              placeholder="Change the password"
              {...form.getInputProps(`blocked_actions.${place}.label`)}
            />
            <RemoveRow
              label={`Unblock ${label || `action ${place + 1}`}`}
              onClick={() => form.removeListItem("blocked_actions", place)}
            />
          </li>
        ))}
      </ul>
      <AddRow
        onClick={() =>
          form.insertListItem("blocked_actions", row({ method: "POST", pattern: "", label: "" }))
        }
      >
        Block an action
      </AddRow>
    </Panel>
  );
}
