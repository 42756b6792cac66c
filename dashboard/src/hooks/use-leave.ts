import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { leaveFor, staffPlaces } from "../api/staff";

/** Goes where whoever has signed out goes, and forgets what was loaded before. */
export function useLeave(): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    const places = staffPlaces();
    if (places === null) await router.navigate({ to: "/sign-in" });
    // Here the app would sign them in again at once.
    else leaveFor(places.home);
    queryClient.clear();
  };
}
