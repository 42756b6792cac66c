import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { signOut } from "../api/me";
import { isSignedOut } from "../api/problem";

/** Ends the sign-in of this browser and forgets what was loaded under it. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async () => {
      try {
        await signOut();
      } catch (error) {
        // Over already, for instance by time: that is what was wanted.
        if (!isSignedOut(error)) throw error;
      }
    },
    onSuccess: async () => {
      await router.navigate({ to: "/sign-in" });
      queryClient.clear();
    },
  });
}
