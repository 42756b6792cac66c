import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { mailServerQuery, removeMailServer, testMailServer } from "../../api/mail";
import type { MailServer, MailTest } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorState } from "../../ui/ErrorState";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import { MailServerDialog } from "./MailServerDialog";
import classes from "./Settings.module.css";

/** Where e-mail is handed in. It is one place for all applications. */
export function MailServerPanel() {
  const { data: server, error, refetch } = useQuery(mailServerQuery);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <Panel
      id="mail"
      title="E-mail"
      lead="Where e-mail is handed in, for all applications. An application tells of what waits once a webhook of it has the format E-mail."
    >
      {server !== undefined && <Known server={server} />}
    </Panel>
  );
}

function Known({ server }: { server: MailServer }) {
  const mayChange = useMay("webhooks.write");
  const [changing, setChanging] = useState(false);
  const isSet = server.host !== null;
  return (
    <div className={classes.line}>
      <span>
        {isSet ? (
          <>
            <code>
              {server.host}:{server.port}
            </code>{" "}
            as {server.sender}
          </>
        ) : (
          "No mail server is set, and no e-mail is sent."
        )}
      </span>
      {mayChange && (
        <Group gap="xs">
          {isSet && <Actions />}
          <Button variant="default" onClick={() => setChanging(true)}>
            {isSet ? "Change" : "Set a mail server"}
          </Button>
        </Group>
      )}
      <MailServerDialog server={server} opened={changing} onClose={() => setChanging(false)} />
    </div>
  );
}

function Actions() {
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const test = useMutation({ mutationFn: testMailServer });
  const remove = useMutation({
    mutationFn: removeMailServer,
    onSuccess: async () => {
      setRemoving(false);
      await queryClient.invalidateQueries({ queryKey: mailServerQuery.queryKey });
    },
  });
  return (
    <>
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        Send a test
      </Button>
      <Button variant="subtle" color="claret" onClick={() => setRemoving(true)}>
        Remove…
      </Button>
      <Problem error={test.error} />
      {test.data !== undefined && <Outcome test={test.data} />}
      <ConfirmDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        title="Send no e-mail any more?"
        action="Remove"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      >
        What waits to be sent is withdrawn.
      </ConfirmDialog>
    </>
  );
}

function Outcome({ test }: { test: MailTest }) {
  const { accepted, error } = test;
  return (
    <span role="status" className={classes.outcome}>
      {accepted ? "The mail server took an e-mail to you." : (error ?? "It was not taken.")}
    </span>
  );
}
