import { TextInput } from "@mantine/core";
import { Panel } from "../../ui/Panel";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { RbacPermissions } from "./RbacPermissions";
import { AddRow, RemoveRow } from "./RowButtons";
import classes from "./Settings.module.css";

const EMPTY = { role_id: "", description: "", permissions: [] };

/** The app's roles as Stytch's API publishes them, for code that asks it what a role may do. */
export function RbacSection() {
  const form = useSettingsForm();
  const roles = form.values.rbac_roles;
  return (
    <Panel
      id="rbac"
      title="Stytch roles"
      lead="For apps that ask Stytch’s RBAC what a user may do: the policy that its SDKs get. Understudy itself permits nothing by it."
    >
      <ul className={classes.rows}>
        {roles.map(({ key, role_id }, place) => {
          const name = role_id || `role ${place + 1}`;
          return (
            <li key={key} className={classes.role}>
              <div className={classes.roleHead}>
                <TextInput
                  aria-label={`Stytch role ${place + 1}`}
                  placeholder="editor"
                  {...form.getInputProps(`rbac_roles.${place}.role_id`)}
                />
                <TextInput
                  aria-label={`What ${name} is`}
                  placeholder="Changes invoices"
                  {...form.getInputProps(`rbac_roles.${place}.description`)}
                />
                <RemoveRow
                  label={`Remove Stytch role ${name}`}
                  onClick={() => form.removeListItem("rbac_roles", place)}
                />
              </div>
              <RbacPermissions place={place} name={name} />
            </li>
          );
        })}
      </ul>
      <AddRow onClick={() => form.insertListItem("rbac_roles", row(EMPTY))}>
        Add a Stytch role
      </AddRow>
    </Panel>
  );
}
