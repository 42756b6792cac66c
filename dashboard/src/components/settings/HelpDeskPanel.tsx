import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { removeTicketHook, ticketHookQuery } from "../../api/ticket-hook";
import type { Application, TicketHook } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorState } from "../../ui/ErrorState";
import { Ago } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { ClosedTickets } from "./ClosedTickets";
import { HelpDeskDialog } from "./HelpDeskDialog";
import { HelpDeskSteps } from "./HelpDeskSteps";
import { DESKS } from "./help-desks";
import classes from "./Settings.module.css";
import { TryMessage } from "./TryMessage";

/** What stands on a ticket ends once the help desk says that it is closed. */
export function HelpDeskPanel({ application }: { application: Application }) {
  const { data: hook, error, refetch } = useQuery(ticketHookQuery(application.id));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <Panel
      id="help-desk"
      title="Help desk"
      lead="Once a ticket is closed, what was granted for it is withdrawn, and its sessions end. The help desk says so, and signs it."
    >
      {hook !== undefined && <Known application={application} hook={hook} />}
    </Panel>
  );
}

function Known({ application, hook }: { application: Application; hook: TicketHook | null }) {
  const mayChange = useMay("applications.write");
  const mayAudit = useMay("audit.read");
  const [changing, setChanging] = useState(false);
  return (
    <>
      <div className={classes.line}>
        <span>
          {hook === null ? (
            "No help desk is set: sessions go on when their ticket is closed."
          ) : (
            <>
              {DESKS[hook.shape].name}, set <Ago at={hook.set_at} />
            </>
          )}
        </span>
        {mayChange && (
          <Group gap="xs">
            <Button variant="default" onClick={() => setChanging(true)}>
              {hook === null ? "Set a help desk" : "Change, or rotate its secret"}
            </Button>
            {hook !== null && <Remove application={application} />}
          </Group>
        )}
      </div>
      {hook !== null && (
        <>
          <HelpDeskSteps hook={hook} />
          {mayChange && <TryMessage key={hook.shape} application={application} hook={hook} />}
        </>
      )}
      {mayAudit && hook !== null && <ClosedTickets application={application} />}
      <HelpDeskDialog
        application={application}
        hook={hook}
        opened={changing}
        onClose={() => setChanging(false)}
      />
    </>
  );
}

function Remove({ application }: { application: Application }) {
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const remove = useMutation({
    mutationFn: () => removeTicketHook(application.id),
    onSuccess: async () => {
      setRemoving(false);
      await queryClient.invalidateQueries(ticketHookQuery(application.id));
    },
  });
  return (
    <>
      <Button variant="subtle" color="claret" onClick={() => setRemoving(true)}>
        Remove…
      </Button>
      <ConfirmDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        title="Hear of no tickets any more?"
        action="Remove"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      >
        Sessions go on when their ticket is closed. The secret is forgotten; there is a new one for
        the next help desk.
      </ConfirmDialog>
    </>
  );
}
