import type { Connection, Way } from "./snippet";
import { SECRET } from "./snippet-sdk";

/** Clerk's official SDKs, with nothing changed but the API URL and the keys. */
export function clerkWay({ url }: Connection): Way {
  const { host } = new URL(url);
  return {
    id: "clerk",
    name: "Clerk",
    lead: "Code written against Clerk’s actor tokens goes on as it is. The secret key is the application’s secret.",
    snippets: [
      {
        name: "Environment",
        code: `CLERK_API_URL=${url}/clerk
CLERK_SECRET_KEY=${SECRET}
CLERK_PUBLISHABLE_KEY=${publishableKey(host)}`,
      },
      {
        name: "Python",
        code: `import os

from clerk_backend_api import Clerk

clerk = Clerk(
    bearer_auth=os.environ["CLERK_SECRET_KEY"],
    server_url="${url}/clerk/v1",
)
token = clerk.actor_tokens.create(
    request={
        "user_id": "user-17",
        "actor": {"sub": "staff-4", "reason": "The invoice shows the wrong total"},
    }
)
print(token.url)`,
      },
      {
        name: "Node",
        code: `import { createClerkClient } from "@clerk/backend";

const clerk = createClerkClient({
  apiUrl: process.env.CLERK_API_URL,
  secretKey: process.env.CLERK_SECRET_KEY,
  publishableKey: process.env.CLERK_PUBLISHABLE_KEY,
});
const token = await clerk.actorTokens.create({
  userId: "user-17",
  actor: { sub: "staff-4", reason: "The invoice shows the wrong total" },
});
console.log(token.url);`,
      },
    ],
    note: host.includes(".")
      ? null
      : `Clerk’s Node SDK refuses a publishable key for “${host}”, as that has no dot. Open Understudy under a full name, or under 127.0.0.1.`,
  };
}

/** It names a host, not an application, and is no secret. */
export function publishableKey(host: string): string {
  return `pk_live_${btoa(`${host}$`).replace(/=+$/, "")}`;
}
