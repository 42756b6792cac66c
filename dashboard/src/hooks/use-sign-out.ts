import { useMutation } from "@tanstack/react-query";
import { signOut } from "../api/me";
import { isSignedOut } from "../api/problem";
import { useLeave } from "./use-leave";

/** Ends the sign-in of this browser and forgets what was loaded under it. */
export function useSignOut() {
  const leave = useLeave();
  return useMutation({
    mutationFn: async () => {
      try {
        await signOut();
      } catch (error) {
        // Over already, for instance by time: that is what was wanted.
        if (!isSignedOut(error)) throw error;
      }
    },
    onSuccess: leave,
  });
}
