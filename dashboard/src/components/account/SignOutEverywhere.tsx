import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { signOutEverywhere } from "../../api/me";
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
  return (
    <>
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
