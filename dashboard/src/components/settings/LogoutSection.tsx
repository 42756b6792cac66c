import { TextInput } from "@mantine/core";
import type { Application } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { useSettingsForm } from "./form";

/** Where the app's server hears at once that a session is over. */
export function LogoutSection({ application }: { application: Application }) {
  const form = useSettingsForm();
  return (
    <Panel
      id="logout"
      title="Logout notice"
      lead={`For apps that keep sessions of their own: when one of ours is over, the server of ${application.name} is sent a signed logout token (OpenID Back-Channel Logout) and can drop its copy at once.`}
    >
      <TextInput
        label="Back-channel logout URL"
        description="Left empty, none is sent. Apps with the Understudy SDK do not need it: they hear of it anyway."
        type="url"
        placeholder="https://app.example.com/backchannel-logout"
        {...form.getInputProps("logout_url")}
      />
    </Panel>
  );
}
