import { NumberInput, Radio, Stack, Switch, TextInput } from "@mantine/core";
import { Panel } from "../../ui/Panel";
import { ConsentOrganizations } from "./ConsentOrganizations";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

/** What users have to agree to before somebody works in their account. */
export function ConsentSection() {
  const form = useSettingsForm();
  return (
    <Panel
      id="consent"
      title="Consent"
      lead="Users agree in the app, on their own sign-in; nobody here can do it for them. Taking it back ends what runs at once."
    >
      <Radio.Group label="Users are asked" {...form.getInputProps("consent.mode")}>
        <Stack gap="xs" mt="xs">
          <Radio value="off" label="Nothing" />
          <Radio value="standing" label="Once, for a number of days" />
          <Radio value="ask" label="Each time, by whoever wants to work" />
        </Stack>
      </Radio.Group>
      <div className={classes.numbers}>
        <NumberInput
          mt="md"
          label="Agree for at most"
          suffix=" days"
          min={1}
          max={365}
          {...form.getInputProps("consent.standing_days")}
        />
      </div>
      <TextInput
        mt="md"
        label="Shown to users as"
        description="In place of the name of whoever works in their account, such as Acme Support."
        placeholder="Their name"
        maxLength={100}
        {...form.getInputProps("consent.shown_as")}
      />
      <Switch
        mt="md"
        label="Tell users of each start"
        description="By the event subject.told, from which a webhook of yours can write to them."
        {...form.getInputProps("consent.tell", { type: "checkbox" })}
      />
      <ConsentOrganizations />
    </Panel>
  );
}
