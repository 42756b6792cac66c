import { Switch } from "@mantine/core";
import type { Application } from "../../api/types";
import { CopyField } from "../../ui/Copy";
import { Notice } from "../../ui/Notice";
import { AddressRows } from "./AddressRows";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

/** Whether pages of the app may exchange tokens themselves, without a server between. */
export function BrowserSdk({ application }: { application: Application }) {
  const form = useSettingsForm();
  const open = form.values.browser_sdk;
  const empty = form.values.browser_origins.every(({ url }) => url.trim() === "");
  return (
    <div className={classes.part}>
      <Switch
        label="Browser SDK"
        description="Lets pages of the app exchange tokens by Stytch’s JavaScript SDK. A page then holds the session, where every script on it can reach it; leave it off when the app’s server makes the exchange."
        {...form.getInputProps("browser_sdk", { type: "checkbox" })}
      />
      {open && (
        <div className={classes.inner}>
          <h3 className={classes.small}>Origins that may call</h3>
          <AddressRows list="browser_origins" what="origin" placeholder="https://app.example.com" />
          {empty && (
            <Notice tone="calm">As long as no origin is listed, every page is refused.</Notice>
          )}
          <h3 className={classes.small}>Public token</h3>
          <p className={classes.cardFacts}>
            It names the application in the page’s code, and is no secret.
          </p>
          <CopyField value={application.public_token} label="Copy the public token" />
        </div>
      )}
    </div>
  );
}
