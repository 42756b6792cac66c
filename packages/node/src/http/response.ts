/** What node:http does with an answer, done by hand. */

import type { ServerResponse } from "node:http";
import type { RawHeaders } from "../headers.ts";
import type { Answer, Headers } from "../visit.ts";

/** How headers are set and taken away. */
export type Setting = Pick<ServerResponse, "setHeader" | "removeHeader">;

interface Spelled {
  getRawHeaderNames(): string[];
}

/** Send a whole answer of our own, where the app was not called. */
export function sendAnswer(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.writableEnded) return;
  putHeaders(response, answer.allHeaders());
  response.writeHead(answer.status);
  response.end(response.req.method === "HEAD" ? undefined : answer.body);
}

/** The headers that were set so far, in pairs; those of several values one by one. */
export function takeHeaders(response: ServerResponse): RawHeaders {
  // Of the names as they were spelled Node's types know nothing for a response.
  return (response as ServerResponse & Spelled).getRawHeaderNames().flatMap((name): RawHeaders => {
    const value = response.getHeader(name);
    const values = Array.isArray(value) ? value : [String(value ?? "")];
    return values.map((one) => [name, one]);
  });
}

/** Let these be all headers that go out, by the response's own ways to set them. */
export function putHeaders(
  response: ServerResponse,
  headers: Headers,
  { setHeader, removeHeader }: Setting = response,
): void {
  for (const name of response.getHeaderNames()) removeHeader.call(response, name);
  const values = new Map<string, [string, string[]]>();
  for (const [name, value] of headers) {
    const found = values.get(name.toLowerCase());
    if (found === undefined) values.set(name.toLowerCase(), [name, [value]]);
    else found[1].push(value);
  }
  for (const [name, [first = "", ...more]] of values.values()) {
    setHeader.call(response, name, more.length > 0 ? [first, ...more] : first);
  }
}

/** A part of a body, as whatever Node takes for one. */
export function bytesOf(part: unknown, encoding: unknown): Uint8Array {
  if (typeof part === "string") {
    return Buffer.from(part, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
  }
  if (part instanceof Uint8Array) return part;
  const error = new TypeError("A part of a body is a string, a Buffer or a Uint8Array.");
  throw Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" });
}

/** The function at the end of what `write` or `end` was given, which is taken out. */
export function callbackIn(given: unknown[]): (() => void) | undefined {
  const at = given.findIndex((one) => typeof one === "function");
  return at < 0 ? undefined : (given.splice(at)[0] as () => void);
}

/** Say that a part was taken, and that more may come. */
export function tell(done: (() => void) | undefined): true {
  if (done !== undefined) process.nextTick(done);
  return true;
}

/** What Node throws where a head was sent already. */
export function headersSent(what: string): Error {
  const error = new Error(`Cannot ${what} headers after they are sent to the client`);
  return Object.assign(error, { code: "ERR_HTTP_HEADERS_SENT" });
}
