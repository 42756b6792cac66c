import { useMutation, useQueryClient } from "@tanstack/react-query";
import { endSession, revokeSession } from "../api/impersonations";

/** Ends one's own session. */
export function useEndSession() {
  return useSessionChange(endSession);
}

/** Revokes somebody's session. */
export function useRevokeSession() {
  return useSessionChange(revokeSession);
}

function useSessionChange(change: (sessionId: string) => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["sessions"] }),
        queryClient.invalidateQueries({ queryKey: ["grants"] }),
      ]),
  });
}
