import { createLazyRoute } from "@tanstack/react-router";
export const Route = createLazyRoute("/signed-in/settings")({ component: () => <h1>Settings</h1> });
