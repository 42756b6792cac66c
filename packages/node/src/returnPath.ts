/** Where a browser may be sent next: a path of the app itself, never another site. */

import { unquote } from "./core/escapes.ts";
import { isOwnHost } from "./sameSite.ts";

const MAX_LENGTH = 2000;
const LAYERS = 3;
// Printable ASCII without space, quotes, angle brackets and backslash: what a path may hold raw.
const PATH = /^\/(?!\/)[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~[\]]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const HIDDEN = /[\x00-\x1f\x7f\\]/;
const UNSAFE = /[\t\r\n]/g;

/**
 * `value` if every browser takes it for a path of the same origin, else `fallback`.
 *
 * Looked at decoded as well, since a layer in between may decode it (RFC 9700, section 4.11).
 */
export function safePath(value: string | null, fallback: string): string {
  if (value === null || value.length > MAX_LENGTH || !PATH.test(value)) return fallback;
  let decoded = value;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    if (decoded.startsWith("//") || decoded.startsWith("/\\")) return fallback;
    decoded = unquote(decoded);
  }
  return HIDDEN.test(decoded) ? fallback : value;
}

export interface Referred {
  readonly origin: string;
  readonly fallback: string;
}

/** Path and query of the page that `referrer` names, when that is on our own host. */
export function pathOfReferrer(referrer: string | null, { origin, fallback }: Referred): string {
  if (referrer === null || !isOwnHost(referrer, origin)) return fallback;
  // As browsers do: such letters are in no address, and a fragment is nobody's but the page's.
  const [address = ""] = referrer.replace(UNSAFE, "").split("#", 1);
  const start = address.indexOf("/", address.indexOf("://") + 3);
  return start < 0 ? fallback : safePath(withoutEmptyQuery(address.slice(start)), fallback);
}

function withoutEmptyQuery(path: string): string {
  const start = path.indexOf("?");
  return start >= 0 && start === path.length - 1 ? path.slice(0, -1) : path;
}
