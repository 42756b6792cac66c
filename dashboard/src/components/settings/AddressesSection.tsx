import { TextInput } from "@mantine/core";
import type { Application } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { AddressRows } from "./AddressRows";
import { useSettingsForm } from "./form";

/** Where the app takes operators over. */
export function AddressesSection({ application }: { application: Application }) {
  const form = useSettingsForm();
  return (
    <Panel
      id="addresses"
      title="Addresses"
      lead="A launch leads to one of the redirect URLs and nowhere else: they are compared letter by letter."
    >
      <AddressRows
        list="redirect_urls"
        what="redirect URL"
        placeholder="https://app.example.com/_understudy/callback"
      />
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
