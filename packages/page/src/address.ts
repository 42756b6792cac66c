/** The one carrier of a page's mark. The server takes it out before the app sees the address. */
export const KEY = "_understudy_page";

const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const WEB: Readonly<Record<string, string>> = { "ws:": "http:", "wss:": "https:" };

/** Whether a request of this method may change something, by the rules that the server has too. */
export function changes(method: unknown): boolean {
  return !READING.has(String(method).toUpperCase());
}

/** An address on the network as the page means it; null for blobs, data and what is no address. */
export function resolved(address: unknown): URL | null {
  try {
    const url = new URL(String(address), document.baseURI);
    return /^(?:http|ws)s?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Whether this is the page's own origin: sockets count, and what a secure page has upgraded. */
export function isOwn({ protocol, host }: URL): boolean {
  const scheme = WEB[protocol] ?? protocol;
  return host === location.host && [scheme, "https:"].includes(location.protocol);
}

/** The query without any mark. The rest stays letter by letter: some apps sign theirs. */
export function unmarked(search: string): string {
  const pairs = search.replace(/^\?/, "").split("&");
  return pairs.filter((pair) => pair.split("=")[0] !== KEY).join("&");
}
