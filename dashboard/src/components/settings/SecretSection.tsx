import { Button, Group, Modal, NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { rotateSecret } from "../../api/applications";
import type { Application } from "../../api/types";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Settings.module.css";
import { ShownOnce } from "./ShownOnce";

const OVERLAPS = [
  { value: "0", label: "not at all: it ends at once" },
  { value: "60", label: "for one hour" },
  { value: "1440", label: "for a day" },
  { value: "10080", label: "for a week" },
];

/** A new secret, while the old one goes on working until the app has the new one. */
export function SecretSection({
  application,
  readOnly,
}: {
  application: Application;
  readOnly: boolean;
}) {
  const [opened, setOpened] = useState(false);
  return (
    <Panel
      id="secret"
      title="Secret"
      lead="What the app’s backend signs in with. Only a hash of it is kept here."
      action={
        !readOnly && (
          <Button variant="default" size="sm" onClick={() => setOpened(true)}>
            Rotate…
          </Button>
        )
      }
    >
      {application.previous_secret_expires_at === null ? (
        <p className={classes.cardFacts}>One secret is in use.</p>
      ) : (
        <p className={classes.cardFacts}>
          The previous secret works until <Moment at={application.previous_secret_expires_at} />.
        </p>
      )}
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Rotate the secret"
        size="lg"
        closeOnClickOutside={false}
      >
        <Rotate application={application} onClose={() => setOpened(false)} />
      </Modal>
    </Panel>
  );
}

function Rotate({ application, onClose }: { application: Application; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState("1440");
  const rotate = useMutation({
    mutationFn: () => rotateSecret(application.id, Number(overlap)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["applications"] }),
    // The answer holds the secret; nothing keeps it once the dialog is closed.
    gcTime: 0,
  });
  if (rotate.data !== undefined) {
    return <ShownOnce what="secret" value={rotate.data.secret} onClose={onClose} />;
  }
  return (
    <>
      <NativeSelect
        label="The present secret goes on working"
        description="Long enough to bring the new one to every server of the app."
        data={OVERLAPS}
        value={overlap}
        onChange={(event) => setOverlap(event.currentTarget.value)}
      />
      <Problem error={rotate.error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
          Make a new secret
        </Button>
      </Group>
    </>
  );
}
