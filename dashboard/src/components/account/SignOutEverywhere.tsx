import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { signOutEverywhere } from "../../api/me";
import { useOwnSessions } from "../../hooks/use-own-sessions";
import { Notice } from "../../ui/Notice";
import { Problem } from "../../ui/Problem";

/** For a laptop left on a train. */
export function SignOutEverywhere() {
  const queryClient = useQueryClient();
  const router = useRouter();
  const signOut = useMutation({
    mutationFn: signOutEverywhere,
    onSuccess: async () => {
      await router.navigate({ to: "/sign-in" });
      queryClient.clear();
    },
  });
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
