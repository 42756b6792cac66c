/**
 * What changes in the headers of an impersonated request and of its response.
 *
 * Each letter of names and values stands for one byte, as Node gives them.
 */

import { withoutPageKey } from "./appCookies.ts";
import { isAsciiLike } from "./charsets.ts";
import { stripBytes } from "./core/letters.ts";

export type RawHeaders = readonly (readonly [name: string, value: string])[];

// The agent's own credentials are not the subject's, wherever they were let through this far.
// Conditions would be answered from a cache that holds somebody else's page; a compressed page
// could not be given its banner.
const IGNORED: ReadonlySet<string> = new Set([
  "if-none-match",
  "if-modified-since",
  "if-range",
  "accept-encoding",
  "authorization",
  "remote-user",
  "remote_user",
  "x-session-token",
  "x_session_token",
]);
// Marks by which a cache, or the agent's own browser, would keep what only this session may see.
// Caches believe those that name them more than the others.
const DROPPED: ReadonlySet<string> = new Set([
  "edge-control",
  "surrogate-control",
  "x-accel-expires",
  "expires",
  "etag",
  "last-modified",
  "understudy-impersonation",
]);
const OF_THE_WHOLE_BODY: ReadonlySet<string> = new Set([
  "content-length",
  "content-md5",
  "content-digest",
  "repr-digest",
  "digest",
]);
export const UNCACHED: RawHeaders = [
  ["cache-control", "no-store"],
  ["cdn-cache-control", "no-store"],
  ["surrogate-control", "no-store"],
  // nginx hears this also where it was told to hear nothing of the others.
  ["x-accel-expires", "0"],
];
const ADDED: RawHeaders = [...UNCACHED, ["understudy-impersonation", "1"]];
const PAGES: readonly string[] = ["text/html", "application/xhtml+xml"];
const OURS = /^(?:x-understudy|understudy-)/;
const DIGITS = /^[0-9]+$/;
const WITHOUT_PAGE: readonly number[] = [204, 205, 206, 304];

/** True for a header that only Understudy may set, whatever its case and dashes. */
function isSpoofed(name: string): boolean {
  return OURS.test(name.toLowerCase().replaceAll("_", "-"));
}

/** Request headers without what pretends to come from Understudy. */
export function withoutSpoofed(headers: RawHeaders): RawHeaders {
  return headers.filter(([name]) => !isSpoofed(name)).map(cleared);
}

/** The headers of an impersonated request as the app may see them; its own cookies stay. */
export function forTheApp(headers: RawHeaders): RawHeaders {
  const kept = headers.filter(([name]) => !isKeptFromApps(name)).map(cleared);
  // Without its condition a range would be joined to what the agent's own page began with.
  const resumes = headers.some(([name]) => name.toLowerCase() === "if-range");
  return resumes ? kept.filter(([name]) => name.toLowerCase() !== "range") : kept;
}

/** The headers of an impersonated response: kept by no cache, shared with no other identity. */
export function forTheBrowser(headers: RawHeaders): RawHeaders {
  const kept: (readonly [string, string])[] = [];
  // The app's own pages have one address for agent and subject: caches must know by what they
  // differ.
  const varies = ["Cookie"];
  for (const header of headers) {
    const lower = header[0].toLowerCase();
    if (lower === "vary") varies.push(...withoutCookie(header[1]));
    else if (!keeps(lower)) kept.push(header);
  }
  return [...kept, ["vary", varies.join(", ")], ...ADDED];
}

/** The headers of a page of the agent's own: kept by no cache, where it would lose its mark. */
export function asOwnPage(headers: RawHeaders): RawHeaders {
  return [...headers.filter(([name]) => !keeps(name.toLowerCase())), ...UNCACHED];
}

/** True for a whole page that a browser will show and that is plain enough to be changed. */
export function takesBanner(status: number, headers: RawHeaders): boolean {
  if (!isPageStatus(status)) return false;
  let kind = "";
  let encoding = "identity";
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === "content-type") kind = value.toLowerCase();
    else if (lower === "content-encoding") encoding = stripBytes(value).toLowerCase();
    else if (lower === "content-disposition" && isAttachment(value)) return false;
  }
  const [media = "", ...parameters] = kind.split(";");
  return PAGES.includes(stripBytes(media)) && encoding === "identity" && areAsciiLike(parameters);
}

/** Its Content-Security-Policy headers. */
export function policiesIn(headers: RawHeaders): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === "content-security-policy")
    .map(([, value]) => value);
}

/** The headers of a body that has grown `by` bytes; digests of the old one are left out. */
export function lengthened(headers: RawHeaders, by: number): RawHeaders {
  const longer: (readonly [string, string])[] = [];
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === "content-length" && DIGITS.test(value)) {
      longer.push([name, String(BigInt(value) + BigInt(by))]);
    } else if (!OF_THE_WHOLE_BODY.has(lower) && lower !== "accept-ranges") {
      longer.push([name, value]);
    }
  }
  return longer;
}

/** The headers of a body whose length is not known. */
export function withoutLength(headers: RawHeaders): RawHeaders {
  return headers.filter(([name]) => !OF_THE_WHOLE_BODY.has(name.toLowerCase()));
}

function cleared(header: readonly [string, string]): readonly [string, string] {
  const [name, value] = header;
  return name.toLowerCase() === "cookie" ? [name, withoutPageKey(value)] : header;
}

/** True for a header of a request that the app must not see in a session. */
function isKeptFromApps(name: string): boolean {
  const lower = name.toLowerCase();
  return IGNORED.has(lower) || lower.includes("nderstudy") || isSpoofed(lower);
}

/** True for a header of an answer by which it could be kept, such as any cache's own. */
function keeps(lower: string): boolean {
  return DROPPED.has(lower) || lower.endsWith("cache-control");
}

/** `vary` without the name that is said once for all. */
function withoutCookie(vary: string): string[] {
  if (!vary.toLowerCase().includes("cookie")) return [vary];
  const names = vary.split(",").map(stripBytes);
  return names.filter((name) => name.toLowerCase() !== "cookie");
}

function isPageStatus(status: number): boolean {
  const moves = status >= 300 && status < 400;
  return status >= 200 && status < 600 && !moves && !WITHOUT_PAGE.includes(status);
}

function isAttachment(disposition: string): boolean {
  return stripBytes(disposition).toLowerCase().startsWith("attachment");
}

/** False for charsets such as UTF-16, in which `<body>` is spelled with other bytes. */
function areAsciiLike(parameters: readonly string[]): boolean {
  for (const parameter of parameters) {
    const equals = parameter.indexOf("=");
    if (equals < 0 ? false : stripBytes(parameter.slice(0, equals)) === "charset") {
      return isAsciiLike(unquoted(stripBytes(parameter.slice(equals + 1))));
    }
  }
  return true;
}

function unquoted(value: string): string {
  return value.replace(/^["']+|["']+$/g, "");
}
