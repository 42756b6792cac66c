import { Button } from "@mantine/core";
import { useState } from "react";
import { rotateSecret } from "../../api/applications";
import type { Application } from "../../api/types";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { RotateSecret } from "../../ui/RotateSecret";
import classes from "./Settings.module.css";
import { ShownOnce } from "./ShownOnce";

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
      <RotateSecret
        title="Rotate the secret"
        label="The present secret goes on working"
        description="Long enough to bring the new one to every server of the app."
        rotate={(overlapMinutes) => rotateSecret(application.id, overlapMinutes)}
        queryKey={["applications"]}
        shown={(secret) => (
          <ShownOnce what="secret" value={secret} onClose={() => setOpened(false)} />
        )}
        opened={opened}
        onClose={() => setOpened(false)}
      />
    </Panel>
  );
}
