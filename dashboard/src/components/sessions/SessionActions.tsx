import { Button } from "@mantine/core";
import { useState } from "react";
import type { Session } from "../../api/types";
import { useRevokeSession } from "../../hooks/use-end-session";
import { isOwn, useMay, useMe } from "../../hooks/use-me";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { nameOf } from "../../wording/people";
import { OpenApp } from "../impersonate/OpenApp";
import { EndOwn } from "./EndOwn";
import classes from "./Sessions.module.css";

/** The ways into one's own live session and out of it; somebody else's is revoked after a question. */
export function SessionActions({ session }: { session: Session }) {
  const me = useMe();
  const mayRevoke = useMay("sessions.revoke");
  if (isOwn(session, me)) {
    return (
      <span className={classes.own}>
        <OpenApp session={session} />
        <EndOwn session={session} />
      </span>
    );
  }
  return mayRevoke ? <Revoke session={session} /> : null;
}

function Revoke({ session }: { session: Session }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeSession();
  const actor = nameOf(session.actor);
  const subject = nameOf(session.subject);
  return (
    <>
      <Button size="compact-sm" variant="light" color="claret" onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Revoke this session?"
        action="Revoke now"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate(session.id, { onSuccess: () => setAsking(false) })}
      >
        {actor} is out of {subject}’s account at once; what they have not saved is lost. The log
        says that you did it.
      </ConfirmDialog>
    </>
  );
}
