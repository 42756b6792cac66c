import { Radio } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Application } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { BrowserSdk } from "./BrowserSdk";
import { useSettingsForm } from "./form";
import { handedOver } from "./hand-over";
import { TicketSignIn } from "./TicketSignIn";

/** How a launch reaches the app: by a code that fits one browser, or by a token in the address. */
export function HandOffSection({ application }: { application: Application }) {
  const form = useSettingsForm();
  const { hand_off, redirect_urls } = form.values;
  const address = handedOver(application.vertical, redirect_urls[0]?.url ?? "");
  return (
    <Panel
      id="hand-off"
      title="Hand-off"
      lead="How a launch carries an operator over into the app."
    >
      <Radio.Group
        label="Hand-off"
        labelProps={{ className: "spoken" }}
        value={hand_off}
        onChange={(value) => form.setFieldValue("hand_off", value === "stytch" ? value : "code")}
      >
        <Radio
          value="code"
          label="A code that fits one browser"
          description="The app fetches a code that works only in the browser of the operator who launched it. A copied address is worthless."
        />
        <Radio
          mt="sm"
          value="stytch"
          label="A token in the address, as Stytch does it"
          description="For apps whose code expects Stytch’s redirect, and for them only."
        />
      </Radio.Group>
      {hand_off === "stytch" && (
        <Notice
          tone="bad"
          icon={<IconAlertTriangle size={18} />}
          title="Whoever gets hold of this address first becomes the user"
        >
          <p>
            Each launch opens <code>{address}</code>. The token works once and for five minutes, and
            nothing ties it to the operator’s browser. Browser history, the logs of proxies and of
            the app, error trackers and scripts on that page all get to see it.
          </p>
          <p>
            A second use is refused and raises an alert in the log, but the session that the first
            one made goes on. Take the token out of the address at once, and keep the page that
            takes it free of other people’s scripts.
          </p>
        </Notice>
      )}
      <BrowserSdk application={application} />
      <TicketSignIn />
    </Panel>
  );
}
