/**
 * The SDK's two cookies, read from raw headers and written with their full armour.
 *
 * `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2).
 */

import { MalformedRequest } from "./core/errors.ts";
import { stripBytes } from "./core/letters.ts";

export const OVERLAY = "__Host-understudy";
export const LAUNCH = "__Host-understudy-launch";
/** Without these letters a Cookie header holds no overlay: the guard looks no further. */
export const OVERLAY_MARK = "__Host-understudy=";
/**
 * For so many seconds after the end the cookie stays. A browser that dropped it at the end would
 * send the next form from an open page as the agent, instead of hearing that the session is over.
 */
export const TOMBSTONE_SECONDS = 3600;
const TOKEN = /^[A-Za-z0-9_-]{1,512}$/;

/** One name twice: two layers might each take another one for the real one. */
export class DuplicateCookie extends MalformedRequest {}

/**
 * The value of the only cookie `name` in a Cookie header; null when there is none.
 *
 * @throws {DuplicateCookie} there are several.
 */
export function readCookie(header: string, name: string): string | null {
  const first = header.indexOf(name);
  if (first < 0) return null;
  return isOnlyOne(header, name, first)
    ? stripBytes(upTo(header, ";", first + name.length + 1))
    : findCookie(header, name);
}

/** True for what a token of ours may look like; nothing else is ever sent to the service. */
export function isToken(value: string): boolean {
  return TOKEN.test(value);
}

export interface Lasting {
  /** In seconds. */
  readonly maxAge: number;
}

/** The value of a Set-Cookie header. */
export function setCookie(name: string, value: string, { maxAge }: Lasting): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=Lax`;
}

/** The value of a Set-Cookie header that removes `name`; other cookies stay. */
export function clearCookie(name: string): string {
  return setCookie(name, "", { maxAge: 0 });
}

/** There once, and spelled as browsers do: the pairs need not be looked at one by one. */
function isOnlyOne(header: string, name: string, first: number): boolean {
  const behind = first + name.length;
  if (header[behind] !== "=" || (first > 0 && !header.startsWith("; ", first - 2))) return false;
  for (let next = header.indexOf(name, behind); next >= 0; next = header.indexOf(name, next + 1)) {
    // Our other cookies begin with the same name.
    const following = header[next + name.length];
    if (following !== "-" && following !== ".") return false;
  }
  return true;
}

function findCookie(header: string, name: string): string | null {
  let found: string | null = null;
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0 || stripBytes(pair.slice(0, equals)) !== name) continue;
    if (found !== null) throw new DuplicateCookie(name);
    found = stripBytes(pair.slice(equals + 1));
  }
  return found;
}

function upTo(text: string, mark: string, start: number): string {
  const end = text.indexOf(mark, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}
