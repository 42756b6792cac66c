import { Button } from "@mantine/core";
import { useState } from "react";
import type { Session } from "../../api/types";
import { useEndSession, useRevokeSession } from "../../hooks/use-end-session";
import { useMay, useMe } from "../../hooks/use-me";
import { ConfirmDialog } from "../../ui/ConfirmDialog";

/** The way out of a live session: one's own is ended, somebody else's revoked after a question. */
export function SessionActions({ session }: { session: Session }) {
  const me = useMe();
  const mayRevoke = useMay("sessions.revoke");
  const { actor } = session;
  if (actor.kind === "operator" && actor.id === me.id) return <EndOwn session={session} />;
  return mayRevoke ? <Revoke session={session} /> : null;
}

function EndOwn({ session }: { session: Session }) {
  const end = useEndSession();
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={end.isPending}
      onClick={() => end.mutate(session.id)}
    >
      End
    </Button>
  );
}

function Revoke({ session }: { session: Session }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeSession();
  const actor = session.actor.name ?? session.actor.email ?? session.actor.id;
  const subject = session.subject.name ?? session.subject.email ?? session.subject.id;
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
