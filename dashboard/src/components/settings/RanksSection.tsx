import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { Panel } from "../../ui/Panel";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

/** Whom nobody may become: users who stand as high as the operators. */
export function RanksSection({ readOnly }: { readOnly: boolean }) {
  const form = useSettingsForm();
  return (
    <Panel
      id="ranks"
      title="Ranks of roles"
      lead="A user ranks as high as their highest role; roles that are not listed count 0. Operators stand at 100 and can only work as users below them."
    >
      <ul className={classes.rows}>
        {form.values.role_ranks.map(({ key, role }, place) => (
          <li key={key} className={classes.rank}>
            <TextInput
              aria-label={`Role ${place + 1}`}
              placeholder="owner"
              {...form.getInputProps(`role_ranks.${place}.role`)}
            />
            <NumberInput
              aria-label={`Rank of ${role || `role ${place + 1}`}`}
              min={0}
              max={1_000}
              {...form.getInputProps(`role_ranks.${place}.rank`)}
            />
            <ActionIcon
              size="lg"
              aria-label={`Remove ${role || `role ${place + 1}`}`}
              onClick={() => form.removeListItem("role_ranks", place)}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {!readOnly && (
        <Button
          variant="light"
          size="sm"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={() => form.insertListItem("role_ranks", row({ role: "", rank: 100 }))}
        >
          Rank a role
        </Button>
      )}
    </Panel>
  );
}
