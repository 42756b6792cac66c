/**
 * The app's own cookies in a session: kept apart from the agent's, and from every other session's.
 *
 * What the app sets is stored in the browser as `__Host-understudy.<name>`, with the session's id in
 * front of the value, and comes back to the app under its own name in this session alone. So there
 * is nothing to keep here, and every process of the app reads what another one wrote.
 */

import type { CookieSeal } from "./cookieSeal.ts";
import { clearCookie, OVERLAY } from "./cookies.ts";
import { stripBytes } from "./core/letters.ts";
import { SHOWN } from "./epoch.ts";
import type { Headers } from "./visit.ts";

const PREFIX = "__Host-understudy.";
/** Stands among the app's cookies, so that a cache within the app tells two people's pages apart. */
const PAGE_KEY = "understudy_session";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** How an app's cookies are kept apart. */
export interface Apart {
  /** Which are: all where null, as on a session's origin. */
  readonly named: Iterable<string> | null;
  /** Written by the app's scripts, and read by the app as they are. */
  readonly scriptCookies?: Iterable<string>;
}

/** Which cookies of the app are kept apart, and how. */
export class AppCookies {
  readonly #seal: CookieSeal;
  readonly #named: ReadonlySet<string> | null;
  readonly #script: ReadonlySet<string>;

  constructor(seal: CookieSeal, { named, scriptCookies = [] }: Apart) {
    this.#seal = seal;
    this.#named = named === null ? null : new Set(named);
    this.#script = new Set(scriptCookies);
  }

  /** The Cookie header as the app may see it. */
  forTheApp(header: string, sessionId: string): string {
    const kept = [`${PAGE_KEY}=${sessionId}`];
    for (const [name, value] of pairsOf(header)) {
      if (name.startsWith(PREFIX)) {
        const appName = name.slice(PREFIX.length);
        const opened = this.#opened(appName, value ?? "", sessionId);
        if (opened !== null) {
          kept.push(`${appName}=${opened}`);
        }
      } else if (value !== null && this.#passes(name)) {
        kept.push(`${name}=${value}`);
      }
    }
    return kept.join("; ");
  }

  /** What becomes of a Set-Cookie header; `seconds` is what is left of the session. */
  forTheBrowser(header: string, sessionId: string, seconds: number): string[] {
    const [pair = "", ...attributes] = header.split(";");
    const [name, value] = parted(stripBytes(pair));
    if (value === null || !TOKEN.test(name) || isOurs(name)) return [];
    if (!this.#isApart(name)) return [header];
    const read = attributesOf(attributes);
    const age = ageOf(read, Math.trunc(seconds));
    const sameSite = sameSiteOf(read.get("samesite") ?? "");
    const sealed = this.#seal.seal(value, { sessionId, name });
    const held = `${PREFIX}${name}=${sessionId}.${sealed}`;
    const set = [`${held}; Path=/; Max-Age=${age}; Secure; HttpOnly${sameSite}`];
    // On the app's own host that name is the agent's, and frameworks that sign somebody out take it
    // away by a header without HttpOnly.
    if (this.#named === null && !read.has("httponly") && !name.startsWith("__")) {
      set.push(`${name}=${value}; Path=/; Max-Age=${age}; Secure${sameSite}`);
    }
    return set;
  }

  #opened(name: string, value: string, sessionId: string): string | null {
    const [owner, sealed] = parted(value, ".");
    if (owner !== sessionId || !this.#isApart(name) || this.#script.has(name)) return null;
    return this.#seal.open(sealed ?? "", { sessionId, name });
  }

  #passes(name: string): boolean {
    return !isOurs(name) && (this.#script.has(name) || !this.#isApart(name));
  }

  #isApart(name: string): boolean {
    return this.#named === null || this.#named.has(name);
  }
}

/**
 * A Cookie header as it was, less the page key that somebody has put there.
 *
 * Public ids are no secret: with it a cache would give whoever knows one that session's pages.
 */
export function withoutPageKey(header: string): string {
  if (!header.includes(PAGE_KEY)) return header;
  const pairs = header.split(";").map((pair) => stripBytes(pair));
  return pairs.filter((pair) => parted(pair)[0] !== PAGE_KEY).join("; ");
}

/**
 * The headers that leave nothing of a session at its origin; `header` is its Cookie header.
 *
 * Never "cookies" nor "*": a browser then wipes those of the whole registrable domain, the agent's
 * login and other sessions included (Chromium 156).
 */
export function emptied(header: string): Headers {
  const names = new Set([...pairsOf(header)].map(([name]) => name));
  const ours = [...names].filter((name) => name.startsWith(OVERLAY) && TOKEN.test(name)).sort();
  return [
    ...ours.map((name) => ["set-cookie", clearCookie(name)] as const),
    ["clear-site-data", '"cache", "storage"'],
  ];
}

function isOurs(name: string): boolean {
  return name.startsWith(OVERLAY) || name === PAGE_KEY || name === SHOWN;
}

function* pairsOf(header: string): Generator<[string, string | null]> {
  for (const pair of header.split(";")) {
    yield parted(stripBytes(pair));
  }
}

function attributesOf(attributes: readonly string[]): Map<string, string> {
  const read = attributes.map((attribute) => parted(attribute));
  return new Map(read.map(([key, value]) => [key.toLowerCase(), value ?? ""]));
}

/** What stands before and behind the first `separator`; null behind where there is none. */
function parted(text: string, separator = "="): [string, string | null] {
  const at = text.indexOf(separator);
  return at < 0
    ? [stripBytes(text), null]
    : [stripBytes(text.slice(0, at)), stripBytes(text.slice(at + 1))];
}

/**
 * Seconds that a cookie stays: Max-Age before Expires (RFC 6265, section 5.3), but no longer than
 * its session.
 */
function ageOf(attributes: ReadonlyMap<string, string>, left: number): number {
  const wanted = attributes.get("max-age") ?? "";
  if (/^-?[0-9]{1,18}$/.test(wanted)) return Math.max(0, Math.min(Number(wanted), left));
  const expires = Date.parse(attributes.get("expires") ?? "");
  if (Number.isNaN(expires)) return Math.max(0, left);
  return Math.max(0, Math.min(Math.trunc((expires - Date.now()) / 1000), left));
}

function sameSiteOf(value: string): string {
  const kind = value.toLowerCase();
  const isKnown = ["strict", "lax", "none"].includes(kind);
  return isKnown ? `; SameSite=${kind.charAt(0).toUpperCase()}${kind.slice(1)}` : "";
}
