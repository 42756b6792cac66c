import { TextInput } from "@mantine/core";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { AddRow, RemoveRow } from "./RowButtons";
import classes from "./Settings.module.css";

/** Addresses whose files go out although nobody can look them through. */
export function OpenRoutes() {
  const form = useSettingsForm();
  return (
    <div className={classes.part}>
      <ul className={classes.rows}>
        {form.values.redaction.open_routes.map(({ key, pattern }, place) => (
          <li key={key} className={classes.address}>
            <TextInput
              aria-label={`Path ${place + 1} whose files go out`}
              placeholder="/invoices/{id}.pdf"
              classNames={{ input: classes.mono ?? "" }}
              {...form.getInputProps(`redaction.open_routes.${place}.pattern`)}
            />
            <RemoveRow
              label={`Hold back files at ${pattern || `path ${place + 1}`}`}
              onClick={() => form.removeListItem("redaction.open_routes", place)}
            />
          </li>
        ))}
      </ul>
      <AddRow onClick={() => form.insertListItem("redaction.open_routes", row({ pattern: "" }))}>
        Let files of an address out
      </AddRow>
    </div>
  );
}
