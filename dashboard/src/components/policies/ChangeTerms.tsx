import { NumberInput, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { updateApplication } from "../../api/applications";
import type { Application, PolicyTerms } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";

const OPTIONS: { value: PolicyTerms["confirmation"]; label: string }[] = [
  { value: "none", label: "Nothing: it holds at once" },
  { value: "second_admin", label: "Another admin confirms it" },
  { value: "delay", label: "It waits, and is confirmed then" },
];

/** What it takes to change the policies; saved as it is chosen. */
export function ChangeTerms({ application }: { application: Application }) {
  const queryClient = useQueryClient();
  const terms = application.settings.policy_changes;
  const save = useMutation({
    mutationFn: (change: Partial<PolicyTerms>) =>
      updateApplication(application.id, { settings: { policy_changes: { ...terms, ...change } } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["applications"] }),
  });
  return (
    <Panel title="What a change needs" lead="Every change is an entry with its difference.">
      <div className={classes.fields}>
        <Select
          label="Before changed policies hold"
          data={OPTIONS}
          value={terms.confirmation ?? "none"}
          allowDeselect={false}
          disabled={save.isPending}
          onChange={(value) => {
            const chosen = OPTIONS.find((one) => one.value === value);
            if (chosen) save.mutate({ confirmation: chosen.value });
          }}
        />
        {terms.confirmation === "delay" && (
          <NumberInput
            key={terms.delay_hours}
            label="Wait"
            suffix=" hours"
            min={1}
            max={720}
            defaultValue={terms.delay_hours}
            onBlur={(event) => {
              const hours = Number.parseInt(event.currentTarget.value, 10);
              if (hours >= 1 && hours <= 720 && hours !== terms.delay_hours)
                save.mutate({ delay_hours: hours });
            }}
          />
        )}
      </div>
      <Problem error={save.error} />
    </Panel>
  );
}
