import { createLazyRoute } from "@tanstack/react-router";
export const Route = createLazyRoute("/signed-in/team")({ component: () => <h1>Team</h1> });
