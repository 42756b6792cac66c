import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { row } from "./draft";
import { useSettingsForm } from "./form";
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
            <ActionIcon
              size="lg"
              aria-label={`Hold back files at ${pattern || `path ${place + 1}`}`}
              onClick={() => form.removeListItem("redaction.open_routes", place)}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Button
        variant="light"
        size="sm"
        leftSection={<IconPlus size={16} aria-hidden="true" />}
        onClick={() => form.insertListItem("redaction.open_routes", row({ pattern: "" }))}
      >
        Let files of an address out
      </Button>
    </div>
  );
}
