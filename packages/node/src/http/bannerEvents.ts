/** Tells the banner of the end of its session while it happens: server-sent events. */

import type { ServerResponse } from "node:http";
import { Ended, type Held } from "../cache.ts";
import { UNCACHED } from "../headers.ts";
import type { Runtime } from "../runtime.ts";
import type { Secret } from "../secret.ts";
import { endingFacts } from "../staying.ts";
import { woken } from "../stopping.ts";
import { putHeaders } from "./response.ts";
import { untilOver } from "./watch.ts";

const HEARTBEAT_SECONDS = 12.5;
/**
 * Then the browser connects again: a server that shuts down waits for open streams, and where it is
 * told to is not always heard. Shorter than what orchestrators give a process by default.
 */
const LONGEST_SECONDS = 25;

export interface Followed {
  readonly runtime: Runtime;
  readonly token: Secret;
  readonly found: Held | Ended;
}

/** Send `ended` as soon as the session is over, and a comment now and then. */
export async function streamEvents(
  response: ServerResponse,
  { runtime, token, found }: Followed,
  gone: AbortSignal,
): Promise<void> {
  putHeaders(response, [
    ["content-type", "text/event-stream"],
    ...UNCACHED,
    ["x-accel-buffering", "no"],
    ["x-content-type-options", "nosniff"],
  ]);
  response.writeHead(200);
  response.write("retry: 1000\n\n");
  const ended =
    found instanceof Ended
      ? found
      : await whileItGoesOn(response, { runtime, token, held: found }, gone);
  if (ended !== null) {
    response.write(`event: ended\ndata: ${JSON.stringify(endingFacts(ended))}\n\n`);
  }
  response.end();
}

async function whileItGoesOn(
  response: ServerResponse,
  watched: { runtime: Runtime; token: Secret; held: Held },
  gone: AbortSignal,
): Promise<Ended | null> {
  const enough = new AbortController();
  const beats = setInterval(() => response.write(": still on\n\n"), HEARTBEAT_SECONDS * 1000);
  const longest = setTimeout(() => enough.abort(), LONGEST_SECONDS * 1000);
  const forget = woken(() => enough.abort());
  // A stream that stands open keeps no process alive that has nothing else to do.
  longest.unref();
  beats.unref();
  try {
    return await untilOver(watched, AbortSignal.any([gone, enough.signal]));
  } finally {
    clearInterval(beats);
    clearTimeout(longest);
    forget();
  }
}
