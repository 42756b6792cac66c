import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { signOutEverywhere } from "../../api/me";
import { useLeave } from "../../hooks/use-leave";
import { useOwnSessions } from "../../hooks/use-own-sessions";
import { Notice } from "../../ui/Notice";
import { Problem } from "../../ui/Problem";

/** For a laptop left on a train. */
export function SignOutEverywhere() {
  const leave = useLeave();
  const signOut = useMutation({ mutationFn: signOutEverywhere, onSuccess: leave });
  const sessions = useOwnSessions();
  return (
    <>
      {sessions.length > 0 && (
        <Notice tone="live">
          You are working in {sessions.length === 1 ? "somebody’s account" : "accounts"} right now.
          That goes on in the app; end it first, above.
        </Notice>
      )}
      <Button
        variant="light"
        color="claret"
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        Sign out everywhere
      </Button>
      <Problem error={signOut.error} />
    </>
  );
}
