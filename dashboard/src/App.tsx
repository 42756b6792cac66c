import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { makeQueryClient } from "./api/query-client";
import { pageNonce } from "./nonce";
import { makeRouter } from "./router/router";
import { theme, variables } from "./theme/theme";

const PUBLIC = /\/(sign-in|setup|invitation|taken-over)$/;

const colorSchemes = localStorageColorSchemeManager({ key: "understudy.appearance" });
const queryClient = makeQueryClient(askToSignIn);
const router = makeRouter(queryClient);

/** Somebody whose sign-in is over comes back to the same page after signing in again. */
function askToSignIn(): void {
  const { pathname, href } = router.state.location;
  if (PUBLIC.test(pathname)) return;

  void router.navigate({ to: "/sign-in", search: { next: href }, replace: true });
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={() => pageNonce() ?? ""}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
