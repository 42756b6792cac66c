import { useMutation, useQueryClient } from "@tanstack/react-query";
import { endSession, revokeAllSessions, revokeSession } from "../api/impersonations";

/** Ends one's own session. */
export function useEndSession() {
  return useSessionChange(endSession);
}

/** Revokes somebody's session. */
export function useRevokeSession() {
  return useSessionChange(revokeSession);
}

/** Ends everything of an application, or of the installation. */
export function useRevokeAll() {
  return useSessionChange(revokeAllSessions);
}

function useSessionChange<Whose>(change: (whose: Whose) => Promise<unknown>) {
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
