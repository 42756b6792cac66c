/** URLs that an application may register; of them, what an app says of its own origin. */

import { InvalidInput } from "./errors.ts";

/**
 * Refuse what no browser sends as an `Origin` (RFC 6454, section 6.2), and plain http.
 *
 * @throws {InvalidInput} not scheme, host and port in their one spelling.
 */
export function checkOrigin(origin: string): void {
  if (read(origin).origin !== origin || origin.includes("*")) {
    throw new InvalidInput(`An origin looks like https://app.example, nothing more: ${origin}`);
  }
}

/** True for the names and addresses of this very machine (RFC 6761, section 6.3). */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.+$/, "");
  return ["localhost", "127.0.0.1", "[::1]"].includes(name) || name.endsWith(".localhost");
}

function read(address: string): URL {
  if (!/^[!-[\]-~]*$/.test(address)) {
    throw new InvalidInput("A URL holds printable ASCII without spaces and backslashes.");
  }
  if (!URL.canParse(address)) throw new InvalidInput(`This is not a URL: ${address}`);
  const url = new URL(address);
  if (url.hostname === "" || url.username !== "" || url.password !== "") {
    throw new InvalidInput(`A URL has a host, and no user or password in it: ${address}`);
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) {
    return url;
  }
  throw new InvalidInput(`A URL begins with https:// (http:// only for localhost): ${address}`);
}
