/** Cookies of ours, and the app's own that are kept apart. */

import { AppCookies, emptied, withoutPageKey } from "../../src/appCookies.ts";
import { CookieSeal } from "../../src/cookieSeal.ts";
import { DuplicateCookie, isToken, readCookie } from "../../src/cookies.ts";
import { Epoch } from "../../src/epoch.ts";
import { Secret } from "../../src/secret.ts";

const SEAL = new CookieSeal(new Secret("a key"));
const KEPT = /^__Host-understudy\.([^=]*)=([^.]*)\.([^;]*)(.*)$/s;

export interface ReadCase {
  readonly header: string;
  readonly cookie?: string;
  readonly identity?: string;
}

export interface OwnCookiesCase {
  readonly do: "empty" | "without_page_key" | "for_the_app" | "for_the_browser";
  readonly header: string;
  readonly named?: readonly string[];
  readonly script_cookies?: readonly string[];
  readonly session?: string;
  readonly seconds?: number;
}

/** The value of a cookie, or what is done about it. */
export function read({ header, cookie = "__Host-understudy", identity }: ReadCase): unknown {
  if (identity !== undefined) return new Epoch().corrected(header, identity);
  try {
    const value = readCookie(header, cookie);
    return value === null ? null : { value, token: isToken(value) };
  } catch (error) {
    if (error instanceof DuplicateCookie) return { refused: error.code };
    throw error;
  }
}

/** What becomes of the app's cookies on their way. */
export function ownCookies(given: OwnCookiesCase): unknown {
  const { header, named = null, script_cookies: scriptCookies = [], session = "ses_1" } = given;
  if (given.do === "empty") return emptied(header);
  if (given.do === "without_page_key") return withoutPageKey(header);
  const cookies = new AppCookies(SEAL, { named, scriptCookies });
  if (given.do === "for_the_app") return cookies.forTheApp(header, session);
  return cookies.forTheBrowser(header, session, given.seconds ?? 60).map(opened);
}

/** With what is sealed in angle brackets: the same is never sealed twice alike. */
function opened(setCookie: string): string {
  const [, name, session, sealed, attributes] = KEPT.exec(setCookie) ?? [];
  if (name === undefined || session === undefined || sealed === undefined) return setCookie;
  const value = SEAL.open(sealed, { sessionId: session, name }) ?? "?";
  return `__Host-understudy.${name}=${session}.<${value}>${attributes}`;
}
