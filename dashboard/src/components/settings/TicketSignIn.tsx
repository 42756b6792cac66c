import { Switch } from "@mantine/core";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

/** Whether pages of the app may sign in by a ticket themselves, without a server between. */
export function TicketSignIn() {
  const form = useSettingsForm();
  return (
    <div className={classes.part}>
      <Switch
        label="Sign-in by a ticket"
        description="Lets pages on the origins of the redirect URLs sign in by a ticket as Clerk’s JavaScript SDK does. Whoever holds a ticket can do so, without the secret; leave it off when the app’s server exchanges tickets."
        {...form.getInputProps("ticket_sign_in", { type: "checkbox" })}
      />
    </div>
  );
}
