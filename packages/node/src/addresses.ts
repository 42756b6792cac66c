/** Where the SDK's own pages are in one app, and where people go from them. */

import type { BannerLinks } from "./banner.ts";
import { splitAddress } from "./pageMarks.ts";
import { pathOfReferrer, safePath } from "./returnPath.ts";
import type { ActiveSession } from "./values.ts";
import type { Visit } from "./visit.ts";

export const PREFIX = "/_understudy";

/** What an app says of its addresses. */
export interface AddressOptions {
  /** The service's address, as browsers know it. */
  readonly issuer: string;
  /** Whether the adapter serves the banner's events. */
  readonly streams?: boolean;
}

/**
 * All lie below `prefix`. `home` is where the app begins, `dashboard` the dashboard's address.
 * `base` is where the app is mounted, and `links(base)` where the banner finds its parts.
 */
export class Addresses {
  readonly prefix: string;
  readonly home: string;
  readonly dashboard: string;
  readonly #streams: boolean;
  // Each page of a session asks for them, by the one base that an app has; and its banner is kept
  // for as long as they are the same.
  readonly #links = new Map<string, BannerLinks>();

  constructor(prefix: string, home: string, { issuer, streams = false }: AddressOptions) {
    this.prefix = prefix;
    this.home = safePath(home, "/");
    this.dashboard = `${issuer}/`;
    this.#streams = streams;
  }

  /** True for every path that is the SDK's and not the app's. */
  owns(path: string): boolean {
    return path === this.prefix || path.startsWith(`${this.prefix}/`);
  }

  links(base: string): BannerLinks {
    const found = this.#links.get(base);
    if (found !== undefined) return found;
    const own = base + this.prefix;
    const links: BannerLinks = {
      script: `${own}/banner.js`,
      state: `${own}/state`,
      events: this.#streams ? `${own}/events` : null,
      end: `${own}/end`,
      back: base + this.home,
    };
    if (this.#links.size < 16) {
      this.#links.set(base, links);
    }
    return links;
  }

  /** The path of the script that marks what pages send. */
  pageScript(base: string): string {
    return `${base}${this.prefix}/page.js`;
  }

  /** The page of the app from which a visit comes, as the agent sees it. */
  pageLeft(visit: Visit): string {
    const home = visit.base + this.home;
    const origin = visit.origin;
    const found = pathOfReferrer(visit.header("referer"), { origin, fallback: home });
    // That of a page which answered a form has the mark of whose it was.
    const [target] = splitAddress(found);
    const below = target.startsWith(visit.base) ? target.slice(visit.base.length) : target;
    return this.owns(pathOf(below)) ? home : target;
  }

  /** Where the dashboard goes on from `session`; it shows it to its own actor alone. */
  after(session: ActiveSession | null): string {
    if (session === null) return this.dashboard;
    return `${this.dashboard}ended?${new URLSearchParams({ session: session.id })}`;
  }
}

/** A target without its query. */
export function pathOf(target: string): string {
  const at = target.indexOf("?");
  return at < 0 ? target : target.slice(0, at);
}
