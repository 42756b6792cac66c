import { NativeSelect, TextInput } from "@mantine/core";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { AddRow, RemoveRow } from "./RowButtons";
import classes from "./Settings.module.css";

const MODES = [
  { value: "standing", label: "Once, for a number of days" },
  { value: "ask", label: "Each time" },
];

/** Organizations whose users are asked for more than the others. */
export function ConsentOrganizations() {
  const form = useSettingsForm();
  return (
    <div className={classes.part}>
      <ul className={classes.rows}>
        {form.values.consent.organizations.map(({ key, id }, place) => (
          <li key={key} className={classes.organization}>
            <TextInput
              aria-label={`Id of organization ${place + 1}`}
              placeholder="The organization’s id"
              classNames={{ input: classes.mono ?? "" }}
              {...form.getInputProps(`consent.organizations.${place}.id`)}
            />
            <NativeSelect
              aria-label={`How users of ${id || `organization ${place + 1}`} are asked`}
              data={MODES}
              {...form.getInputProps(`consent.organizations.${place}.mode`)}
            />
            <RemoveRow
              label={`Ask users of ${id || `organization ${place + 1}`} like all others`}
              onClick={() => form.removeListItem("consent.organizations", place)}
            />
          </li>
        ))}
      </ul>
      <AddRow
        onClick={() =>
          form.insertListItem("consent.organizations", row({ id: "", mode: "ask" as const }))
        }
      >
        Ask the users of an organization for more
      </AddRow>
    </div>
  );
}
