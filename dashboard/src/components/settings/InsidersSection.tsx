import { Autocomplete, Checkbox, Group, NumberInput, Switch, TextInput } from "@mantine/core";
import { Panel } from "../../ui/Panel";
import { useSettingsForm } from "./form";
import classes from "./Settings.module.css";

const ZONES = Intl.supportedValuesOf("timeZone");

export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** What each operator is held to; those who work under it are not shown how far it goes. */
export function InsidersSection() {
  const form = useSettingsForm();
  if (form.values.insiders === null) return null;
  return (
    <Panel
      id="insiders"
      title="Limits on operators"
      lead="For each who impersonates, by themselves or named by the app. They see neither these numbers nor how far they have used them up."
    >
      <div className={classes.numbers}>
        <NumberInput
          label="Users an hour, at most"
          placeholder="Any number"
          min={1}
          max={10_000}
          {...form.getInputProps("insiders.subjects_an_hour")}
        />
        <NumberInput
          label="Users a day, at most"
          placeholder="Any number"
          min={1}
          max={10_000}
          {...form.getInputProps("insiders.subjects_a_day")}
        />
        <NumberInput
          label="Alarm above look-ups an hour"
          placeholder="No alarm"
          min={1}
          max={10_000}
          {...form.getInputProps("insiders.look_ups_an_hour")}
        />
      </div>
      <Switch
        mt="lg"
        label="Refuse colleagues"
        description="Nobody works in the account of a user who has the address of somebody on the team."
        {...form.getInputProps("insiders.refuse_colleagues", { type: "checkbox" })}
      />
      <Switch
        mt="lg"
        label="Mark what has no ticket"
        description="It is permitted, and stands out in sessions and in the log."
        {...form.getInputProps("insiders.mark_ticketless", { type: "checkbox" })}
      />
      <Switch
        mt="lg"
        label="Mark what is outside of working hours"
        description="It is permitted, and stands out in sessions and in the log."
        {...form.getInputProps("insiders.keeps_hours", { type: "checkbox" })}
      />
      {form.values.insiders.keeps_hours && <HoursFields />}
    </Panel>
  );
}

function HoursFields() {
  const form = useSettingsForm();
  return (
    <div className={classes.hours}>
      <Checkbox.Group label="Days" {...form.getInputProps("insiders.days")}>
        <Group gap="lg" mt="xs">
          {DAYS.map((day, place) => (
            <Checkbox key={day} value={String(place + 1)} label={day} />
          ))}
        </Group>
      </Checkbox.Group>
      <div className={classes.numbers}>
        <TextInput label="From" placeholder="09:00" {...form.getInputProps("insiders.begins")} />
        <TextInput
          label="To"
          description="Before the beginning, it is of the next morning."
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder="17:00"
          {...form.getInputProps("insiders.ends")}
        />
        <Autocomplete
          label="By the clock of"
          data={ZONES}
          limit={20}
          {...form.getInputProps("insiders.time_zone")}
        />
      </div>
    </div>
  );
}
