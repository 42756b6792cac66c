import { createLazyRoute } from "@tanstack/react-router";
export const Route = createLazyRoute("/signed-in/account")({ component: () => <h1>Account</h1> });
