/** A request as a framework's adapter tells it. */

import { quote } from "../core/escapes.ts";
import { Asked } from "../guard.ts";
import { OWN_HOST, type Place } from "../place.ts";
import { Unmarked } from "../unmarked.ts";

/** The only headers that a passage reads by name; an adapter may leave out all others. */
export const READ: ReadonlySet<string> = new Set([
  "accept",
  "content-encoding",
  "content-type",
  "hx-request",
  "if-match",
  "origin",
  "referer",
  "sec-fetch-dest",
  "service-worker",
  "user-agent",
  "x-requested-with",
]);
const KEPT = "/:@!$&'()*+,;=~";

export interface RequestFacts {
  readonly asked: Asked;
  readonly method: string;
  readonly path: string;
  readonly base: string;
  readonly origin: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly address: string | null;
  readonly query?: string;
  readonly place?: Place;
}

/**
 * What the passage goes by.
 *
 * `method` is `WEBSOCKET` for a live connection. `base` is the path that the app is mounted at,
 * `origin` its own as this request reached it. Names of `headers` are in lower case. `address` is
 * where the request came from, by the server's word alone: headers can be made up. `query` is as
 * it came, but for a page's mark; `place` is found out by the passage.
 */
export class Request {
  readonly asked: Asked;
  readonly method: string;
  readonly path: string;
  readonly base: string;
  readonly origin: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly address: string | null;
  readonly query: string;
  readonly place: Place;

  constructor(facts: RequestFacts) {
    this.asked = facts.asked;
    this.method = facts.method;
    this.path = facts.path;
    this.base = facts.base;
    this.origin = facts.origin;
    this.headers = facts.headers;
    this.address = facts.address;
    this.query = facts.query ?? "";
    this.place = facts.place ?? OWN_HOST;
  }

  /**
   * The same request at `place`, which is not the app's own host.
   *
   * Nobody else's page is ever open there, so that no mark is asked for.
   */
  at(place: Place): Request {
    const asked = new Asked({ ...this.asked, unmarked: Unmarked.PASSES });
    return new Request({ ...this, asked, place });
  }

  /** The Host header, in lower case. */
  get host(): string {
    const [, host] = this.origin.split("://", 2);
    return host ?? "";
  }

  /** Path and query, as the browser would ask for it again. */
  get target(): string {
    const { base, path } = this;
    const whole = path.startsWith(base) ? path : base + path;
    // Never two slashes at the front, which would name a host.
    const target = `/${quote(whole.replace(/^\/+/, ""), KEPT)}`;
    return this.query ? `${target}?${this.query}` : target;
  }
}
