import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { BASE } from "../api/base";
import { parseSearch, printSearch } from "./plain";
import { routeTree } from "./routes";

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    basepath: BASE.pathname,
    context: { queryClient },
    defaultPreload: "intent",
    // TanStack Query decides what is fresh.
    defaultPreloadStaleTime: 0,
    parseSearch,
    stringifySearch: printSearch,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
