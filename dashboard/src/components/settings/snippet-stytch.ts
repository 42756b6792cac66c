import type { Connection, Way } from "./snippet";
import { SECRET } from "./snippet-sdk";

/** Stytch's official SDKs, with nothing changed but the base URL, the id and the secret. */
export function stytchWay({ url, application }: Connection): Way {
  const b2b = application.vertical === "b2b";
  // The SDKs take only https as a base URL; other addresses come in by the environment.
  const plain = url.startsWith("http:");
  return {
    id: "stytch",
    name: "Stytch",
    lead: "Code written against Stytch goes on as it is. The project id is the application’s id.",
    snippets: [
      {
        name: "Environment",
        code: `STYTCH_PROJECT_ID=${application.id}
STYTCH_SECRET=${SECRET}`,
      },
      {
        name: "Python",
        code: `import os

import stytch

client = stytch.${b2b ? "B2BClient" : "Client"}(
    project_id=os.environ["STYTCH_PROJECT_ID"],
    secret=os.environ["STYTCH_SECRET"],
    ${plain ? "environment" : "custom_base_url"}="${url}",
)
answer = client.impersonation.authenticate(impersonation_token=token)`,
      },
      {
        name: "Node",
        code: `import * as stytch from "stytch";

const client = new stytch.${b2b ? "B2BClient" : "Client"}({
  project_id: process.env.STYTCH_PROJECT_ID,
  secret: process.env.STYTCH_SECRET,
  ${plain ? "env" : "custom_base_url"}: "${url}",
});
const answer = await client.impersonation.authenticate({ impersonation_token: token });`,
      },
    ],
    note: missing(url, application.settings.hand_off),
  };
}

function missing(url: string, handOff: "code" | "stytch"): string | null {
  if (new URL(url).pathname !== "/") {
    return "These SDKs drop any path of a base URL. Understudy must have a host of its own for them.";
  }
  if (handOff === "stytch") return null;
  return "Launches bring a token to the app’s redirect URL only with the hand-off “A token in the address”. Tokens made by API work either way.";
}
