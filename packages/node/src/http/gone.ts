/** Whether anybody still waits for an answer. */

import type { ServerResponse } from "node:http";

/** Aborted once the browser has gone, or has its answer. */
export function goneFrom(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}
