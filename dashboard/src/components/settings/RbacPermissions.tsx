import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { RemoveRow } from "./RowButtons";
import classes from "./Settings.module.css";

interface Props {
  /** Which of the roles. */
  place: number;
  name: string;
}

/** What one role may do, resource by resource. */
export function RbacPermissions({ place, name }: Props) {
  const form = useSettingsForm();
  const path = `rbac_roles.${place}.permissions`;
  const permissions = form.values.rbac_roles[place]?.permissions ?? [];
  return (
    <>
      {permissions.map(({ key, resource_id }, at) => {
        const resource = resource_id || `resource ${at + 1}`;
        return (
          <div key={key} className={classes.permission}>
            <TextInput
              aria-label={`Resource ${at + 1} of ${name}`}
              placeholder="invoices"
              {...form.getInputProps(`${path}.${at}.resource_id`)}
            />
            <TextInput
              aria-label={`What ${name} may do with ${resource}`}
              placeholder="read, update or *"
              {...form.getInputProps(`${path}.${at}.actions`)}
            />
            <RemoveRow
              label={`Remove ${resource} from ${name}`}
              onClick={() => form.removeListItem(path, at)}
            />
          </div>
        );
      })}
      <Button
        className={classes.permit}
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={15} aria-hidden="true" />}
        aria-label={`Permit ${name} something`}
        onClick={() => form.insertListItem(path, row({ resource_id: "", actions: "" }))}
      >
        Permit something
      </Button>
    </>
  );
}
