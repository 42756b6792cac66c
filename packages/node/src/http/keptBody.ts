/** The whole of a body that the app will read as well. */

import type { IncomingMessage } from "node:http";

/** How long the body of a request may take on which something is decided. */
const BODY_SECONDS = 5;

/**
 * A request's body, of which the app finds all as it came; null where it is longer than `most`, takes
 * too long, or breaks off.
 */
export async function keepBody(request: IncomingMessage, most: number): Promise<Uint8Array | null> {
  if (Number(request.headers["content-length"] ?? 0) > most || !request.readable) return null;
  // Without a look at a stream that holds nothing: that would be its end.
  if (request.complete && request.readableLength === 0) return new Uint8Array();
  const body = await putBack(request, most);
  return request.complete && body.length <= most ? body : null;
}

/** What came until all was there, or more than `most`, or too long a time had passed. */
function putBack(request: IncomingMessage, most: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      request.off("readable", take).off("close", done).off("error", done);
      const body = Buffer.concat(parts);
      // At once: at the next tick the stream would tell its end, and take nothing back.
      if (size > 0 && !request.destroyed) asUnread(request, body);
      resolve(body);
    };
    const take = (): void => {
      // Never when there is nothing left, as that is what an end is told by.
      while (request.readableLength > 0) {
        const part: Buffer = request.read();
        parts.push(part);
        size += part.length;
      }
      if (request.complete || size > most) done();
    };
    const timer = setTimeout(done, BODY_SECONDS * 1000);
    request.on("readable", take).on("close", done).on("error", done);
  });
}

/** Put `body` back, and let nobody take the stream for one that somebody else is reading. */
function asUnread(request: IncomingMessage, body: Uint8Array): void {
  request.unshift(body);
  // What makes a Request of it, as Hono and Next do, refuses one that was read from.
  Object.defineProperty(request, "readableDidRead", {
    configurable: true,
    get: () => request.readableEnded || request.readableLength < body.length,
  });
}
