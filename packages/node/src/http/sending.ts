/** What an answer of node:http is sent by, under whatever stands around it. */

import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { RawHeaders } from "../headers.ts";
import type { Setting } from "./response.ts";

export type Done = (() => void) | undefined;
export type Named = OutgoingHttpHeaders | readonly unknown[];

export const NOTHING = new Uint8Array();

/**
 * The response's own ways to set and to send, under whatever the app puts around it: Next, for one,
 * sets nothing where it takes the head for sent.
 */
export interface Own extends Setting {
  writeHead(status: number): void;
  write(part: Uint8Array, done: Done): boolean;
  end(part: Uint8Array, done: Done): void;
  flushHeaders(): void;
}

export function ownOf(response: ServerResponse): Own {
  const { writeHead, write, end, flushHeaders, setHeader, removeHeader } = response;
  return {
    setHeader,
    removeHeader,
    writeHead: (status) => writeHead.call(response, status),
    write: (part, done) => Reflect.apply(write, response, [part, done]),
    end: (part, done) => Reflect.apply(end, response, part.length > 0 ? [part, done] : [done]),
    flushHeaders: () => flushHeaders.call(response),
  };
}

/** Put what `writeHead` was given among the response's headers, as Node does. */
export function mergeHeaders(response: ServerResponse, named: Named | undefined): void {
  if (named === undefined || named === null) return;
  if (!Array.isArray(named)) {
    for (const [name, value] of Object.entries(named as OutgoingHttpHeaders)) {
      if (value !== undefined && value !== null) response.setHeader(name, value);
    }
    return;
  }
  const flat: string[] = named.flat();
  const pairs = flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""]] : []));
  for (const [name = ""] of pairs) response.removeHeader(name);
  for (const [name = "", value = ""] of pairs) response.appendHeader(name, value);
}

/**
 * How long a body is by what stands in Node's own place for it, which is emptied.
 *
 * Hono's server writes it there and into no header; the page may grow yet.
 */
export function lengthTold(response: ServerResponse): number | null {
  const length: unknown = Reflect.get(response, "_contentLength");
  Reflect.set(response, "_contentLength", null);
  return typeof length === "number" ? length : null;
}

export function tellsNoLength(headers: RawHeaders): boolean {
  const telling = ["content-length", "transfer-encoding", "trailer"];
  return headers.every(([name]) => !telling.includes(name.toLowerCase()));
}
