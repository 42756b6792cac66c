import { NumberInput, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { unrankedRolesQuery } from "../../api/applications";
import type { Application } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { unrankedInWords } from "../../wording/unranked";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import { AddRow, RemoveRow } from "./RowButtons";
import classes from "./Settings.module.css";

/** Whom nobody may become: users who stand as high as the operators. */
export function RanksSection({ application }: { application: Application }) {
  const form = useSettingsForm();
  const unranked = useQuery(unrankedRolesQuery(application.id)).data;
  return (
    <Panel
      id="ranks"
      title="Ranks of roles"
      lead="A user ranks as high as their highest role, in whatever letters and lists the app writes it. Operators stand at 100 and can only work as users below them."
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
            <RemoveRow
              label={`Remove ${role || `role ${place + 1}`}`}
              onClick={() => form.removeListItem("role_ranks", place)}
            />
          </li>
        ))}
      </ul>
      <AddRow onClick={() => form.insertListItem("role_ranks", row({ role: "", rank: 100 }))}>
        Rank a role
      </AddRow>
      <Switch
        mt="lg"
        label="Allow users with a role that has no rank"
        description="Such a role counts 0. Off, nobody who holds one can be impersonated until it is listed above."
        checked={form.values.unranked_roles === "allow"}
        onChange={({ currentTarget }) =>
          form.setFieldValue("unranked_roles", currentTarget.checked ? "allow" : "refuse")
        }
      />
      {unranked !== undefined && unranked.users > 0 && (
        <p className={classes.warning} role="status">
          {unrankedInWords(unranked)}
        </p>
      )}
    </Panel>
  );
}
