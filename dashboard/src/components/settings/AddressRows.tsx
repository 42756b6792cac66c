import { TextInput } from "@mantine/core";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { AddRow, RemoveRow } from "./RowButtons";
import classes from "./Settings.module.css";

interface Props {
  list: "redirect_urls" | "browser_origins";
  /** What one of them is called. */
  what: string;
  placeholder: string;
}

/** A list of addresses, one in a row, that can grow and shrink. */
export function AddressRows({ list, what, placeholder }: Props) {
  const form = useSettingsForm();
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  return (
    <>
      <ul className={classes.rows}>
        {form.values[list].map(({ key }, place) => (
          <li key={key} className={classes.address}>
            <TextInput
              aria-label={`${name} ${place + 1}`}
              placeholder={placeholder}
              type="url"
              {...form.getInputProps(`${list}.${place}.url`)}
            />
            <RemoveRow
              label={`Remove ${what} ${place + 1}`}
              onClick={() => form.removeListItem(list, place)}
            />
          </li>
        ))}
      </ul>
      <AddRow onClick={() => form.insertListItem(list, row({ url: "" }))}>
        Add {/^[aeiou]/i.test(what) ? "an" : "a"} {what}
      </AddRow>
    </>
  );
}
