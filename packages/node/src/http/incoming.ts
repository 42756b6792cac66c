/** A request of node:http, as the SDK reads it, and as the app gets it. */

import type { IncomingMessage } from "node:http";
import type { RawHeaders } from "../headers.ts";

// Those of which the app is shown other values; nothing else is ever changed, only left out.
const REPLACED = ["cookie", "host", "origin", "referer"];

/** The headers as they came, in pairs. */
export function headersOf(request: IncomingMessage): RawHeaders {
  const { rawHeaders } = request;
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    pairs.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  }
  return pairs;
}

/** Let the app see `headers` and no others, whichever of Node's three views of them it takes. */
export function replaceHeaders(request: IncomingMessage, headers: RawHeaders): void {
  const kept = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    kept.set(lower, [...(kept.get(lower) ?? []), value]);
  }
  // Read before its source is changed: Node makes it at the first look. In place, as whoever has
  // looked already keeps the object.
  const { headers: joined } = request;
  for (const name of Object.keys(joined)) {
    if (!kept.has(name)) delete joined[name];
  }
  for (const name of REPLACED) {
    const values = kept.get(name);
    if (values !== undefined) joined[name] = values.join("; ");
  }
  request.rawHeaders.splice(0, request.rawHeaders.length, ...headers.flat());
  request.headersDistinct = Object.assign(Object.create(null), Object.fromEntries(kept));
}

/** The scheme under which the browser reached this process. */
export function schemeOf({ socket }: IncomingMessage): string {
  return "encrypted" in socket && socket.encrypted === true ? "https" : "http";
}

/** A request's target in its parts; `path` as it came. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** The parts of a target, which routers also take from a whole address. */
export function targetOf(url: string): Target {
  const below = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  // Routers let go of a fragment, which no browser sends.
  const [target = ""] = below.split("#", 1);
  const at = target.indexOf("?");
  return at < 0
    ? { path: target || "/", query: "" }
    : { path: target.slice(0, at) || "/", query: target.slice(at + 1) };
}
