import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { meQuery } from "../api/me";
import type { Me } from "../api/types";

/** Goes in as `me`, to the page that was asked for. Nothing that somebody else loaded is kept. */
export function useEnter(): (me: Me, next?: string) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (me, next) => {
    queryClient.clear();
    queryClient.setQueryData(meQuery.queryKey, me);
    if (next === undefined) await router.navigate({ to: "/", replace: true });
    else await router.navigate({ href: next, replace: true });
  };
}
