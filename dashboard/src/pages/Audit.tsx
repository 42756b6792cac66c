import { createLazyRoute } from "@tanstack/react-router";
export const Route = createLazyRoute("/signed-in/audit")({ component: () => <h1>Audit</h1> });
