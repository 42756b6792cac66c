import type { Application } from "../../api/types";
import { clerkWay } from "./snippet-clerk";
import { oauthWay } from "./snippet-oauth";
import { sdkWay } from "./snippet-sdk";
import { stytchWay } from "./snippet-stytch";

interface Snippet {
  name: string;
  code: string;
}

/** One way to connect an app: what to set, and what to paste. */
export interface Way {
  id: "sdk" | "stytch" | "clerk" | "oauth";
  name: string;
  lead: string;
  snippets: Snippet[];
  /** Something that stops people who do not know it. */
  note: string | null;
}

/** What all ways are filled in with. The secret is not among it: nobody can look it up. */
export interface Connection {
  /** The service's public address, without a slash at its end. */
  url: string;
  application: Pick<Application, "id" | "vertical" | "public_token" | "settings">;
}

export function waysToConnect(connection: Connection): Way[] {
  return [sdkWay, stytchWay, clerkWay, oauthWay].map((way) => way(connection));
}
