import { NumberInput, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { updateApplication } from "../../api/applications";
import type { Application, PolicyTerms } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";
import { TERMS } from "./terms";

/** What it takes to change the policies; saved as it is chosen. */
export function ChangeTerms({ application }: { application: Application }) {
  const queryClient = useQueryClient();
  const terms = application.settings.policy_changes;
  const save = useMutation({
    mutationFn: (change: Partial<PolicyTerms>) =>
      updateApplication(application.id, { settings: { policy_changes: { ...terms, ...change } } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["applications"] });
      await queryClient.invalidateQueries({ queryKey: ["safeguards", application.id] });
    },
  });
  return (
    <Panel
      title="What a change needs"
      lead="Every change is an entry with its difference. To ask for less takes what a change takes."
    >
      <div className={classes.fields}>
        <Select
          label="Before changed policies hold"
          data={TERMS}
          value={terms.confirmation ?? "none"}
          allowDeselect={false}
          disabled={save.isPending}
          onChange={(value) => {
            const chosen = TERMS.find((one) => one.value === value);
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
