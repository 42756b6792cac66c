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
      lead="A launch leads to one of the redirect URLs and nowhere else: they are compared letter by letter. Where sessions have origins of their own, it leads to the same paths there."
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
      <TextInput
        mt="lg"
        label="Origins of sessions"
        description="Serves each session at an address of its own, beside your own work in the app. Names and certificates of all of them have to lead to the app: see “Session origins” in the documentation. Left empty, sessions are at the app’s own address."
        placeholder="https://*.view.app.example.com"
        {...form.getInputProps("session_origins")}
      />
    </Panel>
  );
}
