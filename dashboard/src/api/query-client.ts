import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isPassing, isSignedOut } from "./problem";

const MAX_RETRIES = 2;

/** The mark of calls that ask for a password: for them a 401 may mean that it is another one. */
export const PASSWORD_ASKED: Record<string, unknown> = { asks: "password" };

/** The cache of what the service said. `onSignedOut` is called when it no longer knows the operator. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const look = (error: unknown, meta: Record<string, unknown> | undefined) => {
    if (isSignedOut(error) && meta !== PASSWORD_ASKED) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => look(error, query.meta) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => look(error, mutation.meta),
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => isPassing(error) && failures < MAX_RETRIES,
        retryDelay: (failures) => 400 * 2 ** failures,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
