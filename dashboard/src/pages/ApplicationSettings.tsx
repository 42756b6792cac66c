import { createLazyRoute } from "@tanstack/react-router";
export const Route = createLazyRoute("/signed-in/settings/$applicationId")({
  component: () => <h1>ApplicationSettings</h1>,
});
