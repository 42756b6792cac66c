/**
 * Where in the app a session was started, and so where its end leads back to.
 *
 * Kept in a cookie of the browser that started it, sealed for its session's token: no other
 * session's end leads there, and no script of a page can name another place.
 */

import { createHmac } from "node:crypto";
import { unlessTwice } from "./browserSessions.ts";
import { clearCookie, readCookie, setCookie, TOMBSTONE_SECONDS } from "./cookies.ts";
import { safePath } from "./returnPath.ts";
import { isSameText, type Secret } from "./secret.ts";
import type { Opened } from "./values.ts";

const BACK = "__Host-understudy-back";
const HOST = /^https?:\/\/[a-z0-9.:[\]-]+(?=\/)/;

/** Ways back of one app; `key` is shared by its processes. */
export class WayBack {
  readonly #key: Secret;

  constructor(key: Secret) {
    this.#key = key;
  }

  /**
   * The Set-Cookie value that keeps `path` until the end of a session, and a while on.
   *
   * At a session's origin it is a whole address, of the app's own host.
   */
  kept(path: string, opened: Opened): string {
    const letters = Buffer.from(path).toString("base64url");
    const value = `${letters}.${this.#seal(letters, opened.sessionToken)}`;
    return setCookie(BACK, value, { maxAge: Math.trunc(opened.remaining) + TOMBSTONE_SECONDS });
  }

  /** The path that was kept for the session behind `token`, by a whole Cookie header. */
  of(cookie: string, token: Secret | null): string | null {
    const value = unlessTwice(() => readCookie(cookie, BACK), null);
    if (value === null || token === null) return null;
    const [letters = "", seal = ""] = partsOf(value);
    if (!isSameText(seal, this.#seal(letters, token))) return null;
    const address = Buffer.from(letters, "base64url").toString();
    const host = HOST.exec(address)?.[0] ?? "";
    return safePath(address.slice(host.length), "") === "" ? null : address;
  }

  #seal(letters: string, token: Secret): string {
    const message = ["understudy way back", token.reveal(), letters].join("\x00");
    return createHmac("sha256", this.#key.reveal()).update(message).digest("hex");
  }
}

/** The Set-Cookie values that take a way back out of a browser which has one. */
export function forgotten(cookie: string): string[] {
  return cookie.includes(`${BACK}=`) ? [clearCookie(BACK)] : [];
}

function partsOf(value: string): [string, string] {
  const at = value.indexOf(".");
  return at < 0 ? [value, ""] : [value.slice(0, at), value.slice(at + 1)];
}
