/** What is changed in the headers of a session's requests and answers, between browser and app. */

import { AppCookies } from "./appCookies.ts";
import type { Held } from "./cache.ts";
import { CookieSeal } from "./cookieSeal.ts";
import { forTheApp, forTheBrowser, type RawHeaders } from "./headers.ts";
import type { Client } from "./launch.ts";
import { type Place, SessionOrigin } from "./place.ts";
import { PresentHost } from "./presentHost.ts";

/** How one session's border is kept. */
export interface Border {
  readonly cookies?: AppCookies | null;
  readonly presentHost?: PresentHost | null;
  readonly origin?: string;
}

/** The border of one session. */
export class Crossing {
  readonly #held: Held;
  readonly #cookies: AppCookies | null;
  readonly #presentHost: PresentHost | null;
  readonly #origin: string;

  constructor(held: Held, { cookies = null, presentHost = null, origin = "" }: Border = {}) {
    this.#held = held;
    this.#cookies = cookies;
    this.#presentHost = presentHost;
    this.#origin = origin;
  }

  /** The scheme that the app believes in; null for that of the request. */
  get scheme(): string | null {
    return this.#presentHost?.scheme ?? null;
  }

  /** Whether no adapter around the app's own code, behind this border, sees the session. */
  get hidesSession(): boolean {
    return this.#cookies !== null;
  }

  /** The headers of a request as the app may see them. */
  toApp(headers: RawHeaders): RawHeaders {
    let kept = forTheApp(headers);
    if (this.#presentHost !== null) {
      kept = this.#presentHost.toApp(kept, this.#origin);
    }
    return this.#cookies === null ? kept : this.#withAppCookies(this.#cookies, kept);
  }

  /** The headers of an answer as they go out at `now`, by this machine's counter. */
  toBrowser(headers: RawHeaders, now: number): RawHeaders {
    let kept = forTheBrowser(headers);
    if (this.#presentHost !== null) {
      kept = this.#presentHost.toBrowser(kept, this.#origin);
    }
    const cookies = this.#cookies;
    if (cookies === null) return kept;
    const left = this.#held.overAt - now;
    const sessionId = this.#held.session.id;
    return kept.flatMap(([name, value]): RawHeaders => {
      if (name.toLowerCase() !== "set-cookie") return [[name, value]];
      return cookies.forTheBrowser(value, sessionId, left).map((cookie) => [name, cookie]);
    });
  }

  #withAppCookies(cookies: AppCookies, headers: RawHeaders): RawHeaders {
    // HTTP/2 may bring cookies in several headers; they go on as one.
    const isCookie = ([name]: readonly [string, string]) => name.toLowerCase() === "cookie";
    const brought = headers.filter(isCookie).map(([, value]) => value);
    const kept = headers.filter((header) => !isCookie(header));
    return [...kept, ["cookie", cookies.forTheApp(brought.join("; "), this.#held.session.id)]];
  }
}

/** What an app says of its sessions' cookies and addresses. */
export interface BorderOptions {
  /** Cookies of the app that are kept apart on its own host; at a session's origin all are. */
  readonly ownCookies?: Iterable<string>;
  /** Left to the app's scripts. */
  readonly scriptCookies?: Iterable<string>;
  /** The origin that the app is shown at a session's. */
  readonly presentHost?: string | null;
}

/** The borders of one app's sessions. */
export class Crossings {
  readonly #own: AppCookies | null;
  readonly #apart: AppCookies;
  readonly #presentHost: PresentHost | null;

  constructor(client: Client, options: BorderOptions = {}) {
    const seal = new CookieSeal(client.key);
    const own = [...(options.ownCookies ?? [])];
    const scriptCookies = [...(options.scriptCookies ?? [])];
    this.#own = own.length > 0 ? new AppCookies(seal, { named: own, scriptCookies }) : null;
    this.#apart = new AppCookies(seal, { named: null, scriptCookies });
    const host = options.presentHost ?? null;
    this.#presentHost = host === null ? null : new PresentHost(host);
  }

  /** The border of `held`, whose request has arrived at `place`. */
  of(place: Place, held: Held): Crossing {
    if (!(place instanceof SessionOrigin)) return new Crossing(held, { cookies: this.#own });
    const { origin } = place;
    return new Crossing(held, { cookies: this.#apart, presentHost: this.#presentHost, origin });
  }
}
