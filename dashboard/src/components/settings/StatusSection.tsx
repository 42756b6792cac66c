import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { updateApplication } from "../../api/applications";
import type { Application, UpdateApplication } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Settings.module.css";

/** The application's name, and whether it takes part at all. */
export function StatusSection({ application }: { application: Application }) {
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState(application.name);
  const active = application.status === "active";
  const change = useMutation({
    mutationFn: (body: UpdateApplication) => updateApplication(application.id, body),
    onSuccess: async () => {
      setAsking(false);
      notify("Application changed.");
      await queryClient.invalidateQueries({ queryKey: ["applications"] });
    },
  });
  const rename = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ name: name.trim() });
  };
  return (
    <Panel id="application" title="Application">
      <form className={classes.line} onSubmit={rename}>
        <TextInput
          label="Name"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {name.trim() !== application.name && name.trim() !== "" && (
          <Button type="submit" variant="default" loading={change.isPending && !asking}>
            Rename
          </Button>
        )}
        <span style={{ flex: 1 }} />
        <Button
          variant="light"
          {...(active && { color: "claret" })}
          onClick={() => (active ? setAsking(true) : change.mutate({ status: "active" }))}
        >
          {active ? "Disable the application…" : "Enable the application"}
        </Button>
      </form>
      {!asking && <Problem error={change.error} />}
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Disable ${application.name}?`}
        action="Disable"
        danger
        busy={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ status: "disabled" })}
      >
        Its live sessions end at once and no new one starts; its backend can no longer sign in here.
        You can enable it again.
      </ConfirmDialog>
    </Panel>
  );
}
