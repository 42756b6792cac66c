import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Application } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { row } from "./draft";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

/** Where the app takes operators over. */
export function AddressesSection({
  application,
  readOnly,
}: {
  application: Application;
  readOnly: boolean;
}) {
  const form = useSettingsForm();
  const urls = form.values.redirect_urls;
  return (
    <Panel
      id="addresses"
      title="Addresses"
      lead="A code is handed to one of the redirect URLs and nowhere else: they are compared letter by letter."
    >
      <ul className={classes.rows}>
        {urls.map(({ key }, place) => (
          <li key={key} className={classes.address}>
            <TextInput
              aria-label={`Redirect URL ${place + 1}`}
              placeholder="https://app.example.com/_understudy/callback"
              type="url"
              {...form.getInputProps(`redirect_urls.${place}.url`)}
            />
            <ActionIcon
              size="lg"
              aria-label={`Remove redirect URL ${place + 1}`}
              onClick={() => form.removeListItem("redirect_urls", place)}
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
          onClick={() => form.insertListItem("redirect_urls", row({ url: "" }))}
        >
          Add a redirect URL
        </Button>
      )}
      <TextInput
        mt="lg"
        label="Launch URL"
        description="Where Launch in new tab leads. Left empty, it is the SDK’s own page beside the first redirect URL."
        type="url"
        placeholder={application.settings.effective_launch_url ?? ""}
        {...form.getInputProps("launch_url")}
      />
    </Panel>
  );
}
