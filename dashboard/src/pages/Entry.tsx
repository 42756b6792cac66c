import { createLazyRoute } from "@tanstack/react-router";
export const Route = createLazyRoute("/signed-in/audit/$index")({
  component: () => <h1>Entry</h1>,
});
