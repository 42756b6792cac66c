import { Button, Group, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { endSession } from "../../api/impersonations";
import type { Session } from "../../api/types";
import { useSignOut } from "../../hooks/use-sign-out";
import { Problem } from "../../ui/Problem";
import { nameOf } from "../../wording/people";

interface Props {
  sessions: Session[];
  opened: boolean;
  onClose: () => void;
}

/** Signing out here ends no session in an app: whoever leaves one behind is told, and can end it. */
export function SignOutDialog({ sessions, opened, onClose }: Props) {
  const signOut = useSignOut();
  const leave = useMutation({
    mutationFn: () => Promise.all(sessions.map(({ id }) => endSession(id))),
    onSuccess: () => signOut.mutate(),
  });
  const names = sessions.map(({ subject }) => nameOf(subject));
  const busy = leave.isPending || signOut.isPending;
  return (
    <Modal opened={opened} onClose={onClose} title="Your sessions go on" size="md" centered>
      <p style={{ marginTop: 0, overflowWrap: "anywhere" }}>
        You are working as <strong>{names.join(", ")}</strong>. Signing out of the dashboard leaves{" "}
        {sessions.length === 1 ? "that session" : "those sessions"} running in the app until the
        time is up.
      </p>
      <Problem error={leave.error ?? signOut.error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" disabled={busy} onClick={() => signOut.mutate()}>
          Sign out only
        </Button>
        <Button data-autofocus loading={busy} onClick={() => leave.mutate()}>
          {sessions.length === 1 ? "End it and sign out" : "End them and sign out"}
        </Button>
      </Group>
    </Modal>
  );
}
