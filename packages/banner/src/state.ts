import { instant } from "./instant.ts";
import { plain } from "./plain.ts";

/** The session is over: why (a stable word, empty when not said), and the server's sentence for it. */
export interface Ending {
  readonly cause: string;
  readonly message: string;
}

/** The server's word on the session, and when (by `performance.now`) it was asked. */
export type State =
  | { readonly active: false; readonly ending: Ending }
  | {
      readonly active: true;
      readonly session: string;
      readonly endsAt: number;
      readonly idleAt: number;
      readonly serverNow: number;
      readonly askedAt: number;
    };

/** The state in an answer of the state address; null when the answer says nothing that counts. */
export function readState(body: unknown, askedAt: number): State | null {
  if (!isRecord(body)) return null;
  if (body.active === false) return { active: false, ending: endingOf(body) };
  const endsAt = instant(body.ends_at);
  const serverNow = instant(body.server_now);
  if (body.active !== true || endsAt === null || serverNow === null) return null;
  const idleAt = instant(body.idle_ends_at) ?? endsAt;
  return { active: true, session: plain(body.session), endsAt, idleAt, serverNow, askedAt };
}

/**
 * The ending in the data of an `ended` event. The event itself is the news: data that cannot be
 * read loses the cause, not the ending.
 */
export function readEnding(data: unknown): Ending {
  let body: unknown;
  try {
    body = JSON.parse(String(data));
  } catch {}
  return endingOf(isRecord(body) ? body : {});
}

function endingOf(body: Record<string, unknown>): Ending {
  return { cause: plain(body.cause), message: plain(body.message) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
