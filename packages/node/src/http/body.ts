/** The beginning of a body that nobody else will read. */

import type { IncomingMessage } from "node:http";

/** How long the body of a request is read that is not carried out. */
const BODY_SECONDS = 5;

/** The first `most` bytes of a request's body, for as long as it does not take too long. */
export function readBody(request: IncomingMessage, most: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      request.off("data", take).off("end", done).off("close", done).off("error", done);
      // What follows is let go of, so that the connection serves its next request.
      request.resume();
      resolve(Buffer.concat(parts).subarray(0, most));
    };
    const take = (part: Buffer): void => {
      parts.push(part);
      size += part.length;
      if (size >= most) done();
    };
    const timer = setTimeout(done, BODY_SECONDS * 1000);
    if (request.readableEnded || request.destroyed) done();
    else request.on("data", take).on("end", done).on("close", done).on("error", done);
  });
}
