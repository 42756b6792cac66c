/**
 * By which cookies a browser is known that has, or had lately, a session on the app's own origin.
 *
 * The epoch outlasts the session: pages of the session stay open behind its end, in other tabs and
 * in the browser's memory, and must not then act as the agent. No refusal and no end takes it away.
 */

import { setCookie } from "./cookies.ts";
import { SetupError } from "./core/errors.ts";
import { stripBytes } from "./core/letters.ts";

const EPOCH = "__Host-understudy-epoch";
/** Whose pages are live at present, for pages to read. Anybody can write it, so nobody trusts it. */
export const SHOWN = "understudy-page";
export const HOURS = 24;
const MARK = `${EPOCH}=`;
const SHOWN_MARK = `${SHOWN}=`;
const FEWEST = 2;
const MOST = 24 * 31;

type Headers = readonly (readonly [string, string])[];

/** True while the epoch lasts, by a whole Cookie header. */
export function isKnown(cookie: string): boolean {
  return cookie.includes(MARK);
}

/**
 * What is set at a session's begin and end. `hours` is for how long a browser is known.
 *
 * @throws {SetupError} shorter than any session and its cookie, or longer than a month.
 */
export class Epoch {
  readonly #seconds: number;

  constructor(hours = HOURS) {
    if (!(FEWEST <= hours && hours <= MOST)) {
      throw new SetupError(`epochHours must lie between ${FEWEST} and ${MOST}, not ${hours}.`);
    }
    this.#seconds = Math.trunc(hours * 3600);
  }

  /**
   * The headers by which a session on the app's own origin begins in a browser.
   *
   * What the browser keeps was the agent's, without a mark. Never "storage", which would empty that
   * of the agent's open tabs too.
   */
  begun(sessionId: string): Headers {
    const cookies = this.cookies(sessionId).map((cookie) => ["set-cookie", cookie] as const);
    return [["clear-site-data", '"cache"'], ...cookies];
  }

  /** Set-Cookie values: the epoch begins anew, and pages of `identity` are live. */
  cookies(identity: string): [string, string] {
    return [setCookie(EPOCH, "1", { maxAge: this.#seconds }), this.shown(identity)];
  }

  /** The Set-Cookie value that tells pages whose are live. */
  shown(identity: string): string {
    return `${SHOWN}=${identity}; Path=/; Max-Age=${this.#seconds}; Secure; SameSite=Lax`;
  }

  /**
   * The headers of a page of `identity` for a browser that knows it otherwise, if it does.
   *
   * A session may have ended where the browser was not told, by time or in another process, and one
   * that the app's own backend began had no launch that set these cookies.
   */
  corrected(cookie: string, identity: string): Headers {
    const changed: [string, string][] = [];
    if (!isKnown(cookie)) {
      const [epoch] = this.cookies(identity);
      // What the browser keeps was the agent's, without a mark.
      changed.push(["clear-site-data", '"cache"'], ["set-cookie", epoch]);
    }
    if (shownIn(cookie) !== identity) changed.push(["set-cookie", this.shown(identity)]);
    return changed;
  }
}

function shownIn(cookie: string): string | null {
  const place = cookie.indexOf(SHOWN_MARK);
  if (place < 0) return null;
  const [value = ""] = cookie.slice(place + SHOWN_MARK.length).split(";", 1);
  return stripBytes(value);
}
