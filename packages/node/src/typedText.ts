/** What a person typed into a form that was not carried out, for them to copy. */

import { parsePairs } from "./core/escapes.ts";

/** Bytes of a form that are read at most. */
export const MAX_BODY = 65_536;
const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";
const MOST_FIELDS = 200;
// Shown to whoever looks over the shoulder, and of no use a second time.
const HIDDEN = /pass|pwd|secret|token|csrf|otp|\bpin\b|cvv|cvc|card|iban|ssn/i;
const PARAMETER = /;\s*([\w!#$&+.^`|~*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;"\s]*)/g;

/** One field of a form. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** True where a body can be read here. */
export function isForm(contentType: string): boolean {
  return [URLENCODED, MULTIPART].includes(kindOf(contentType));
}

/**
 * The text fields of a form, or of its first `MAX_BODY` bytes; never raises.
 *
 * Files are left out, and so is what by its name is a secret.
 */
export function fieldsOf(contentType: string, body: Uint8Array): readonly Field[] {
  const read = Buffer.from(body.subarray(0, MAX_BODY)).toString("latin1");
  const kind = kindOf(contentType);
  const found =
    kind === URLENCODED ? urlencoded(read) : kind === MULTIPART ? multipart(contentType, read) : [];
  return found.filter(({ name, value }) => value.trim() !== "" && !HIDDEN.test(name));
}

function kindOf(contentType: string): string {
  const [kind = ""] = contentType.split(";");
  return kind.trim().toLowerCase();
}

function urlencoded(body: string): Field[] {
  const parts = body.split("&").slice(0, MOST_FIELDS).join("&");
  return parsePairs(parts).map(([name, value]) => ({ name, value }));
}

function multipart(contentType: string, body: string): Field[] {
  const boundary = parameter(contentType, "boundary");
  if (boundary === null) return [];
  // The first piece stands before the first boundary; at the end it is closed by two dashes.
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`);
  const found = pieces.slice(1, MOST_FIELDS + 1).map(part);
  return found.filter((field) => field !== null);
}

function part(piece: string): Field | null {
  const end = piece.indexOf("\r\n\r\n");
  if (end < 0 || piece.startsWith("--")) return null;
  for (const line of piece.slice(0, end).split("\r\n")) {
    const colon = line.indexOf(":");
    if (line.slice(0, Math.max(0, colon)).trim().toLowerCase() !== "content-disposition") continue;
    const said = utf8(line.slice(colon + 1));
    // A file has a name of its own, if but an empty one.
    if (said.toLowerCase().includes("filename")) return null;
    const name = parameter(said, "name");
    return name === null ? null : { name, value: utf8(piece.slice(end + 4)) };
  }
  return null;
}

/** The parameter `name` of a header, null where it is not there or empty. */
function parameter(said: string, name: string): string | null {
  for (const [, found = "", value = ""] of said.matchAll(PARAMETER)) {
    if (found.toLowerCase() === name) return unquoted(value) || null;
  }
  return null;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, "$1");
}

function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}
