/** What staff send to start an impersonation: JSON of a script, or a form of a page without one. */

import {
  BodyTooLarge,
  InvalidInput,
  MalformedRequest,
  UnsupportedMediaType,
} from "./core/errors.ts";
import type { Scope } from "./core/restrictions.ts";
import { requireId } from "./core/text.ts";
import { type Field, fieldsOf } from "./typedText.ts";
import type { Visit } from "./visit.ts";

/** Bytes: a reason of the longest is a quarter of it, whatever it is written in. */
export const MAX_BODY = 16_384;
const MAX_FIELDS = 50;
const MAX_ID = 255;
const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const SCOPES: readonly Scope[] = ["full", "read_only"];
const NAMES = new Set(["subject_id", "reason", "ticket", "minutes", "scope"]);
const TYPED = new Map([
  ["reason", "Reason"],
  ["ticket", "Ticket"],
  ["minutes", "Minutes"],
]);

/** Whom somebody wants to work as, and why. Who that is, nothing that is sent says. */
export interface Wanted {
  readonly subjectId: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly minutes: number | null;
  readonly scope: Scope | null;
}

/**
 * What `body` asks for; it is read up to one byte more than `MAX_BODY`.
 *
 * @throws {UnsupportedMediaType} neither JSON nor a form. A page of another site can send what is
 *   neither without its browser asking us first.
 * @throws {BodyTooLarge} longer than that.
 * @throws {MalformedRequest} cut off, unreadable, or a field is missing, unknown or no such thing.
 */
export function readWanted(visit: Visit, body: Uint8Array): Wanted {
  const [type = ""] = (visit.header("content-type") ?? "").split(";", 1);
  const kind = type.trim().toLowerCase();
  if (kind !== JSON_TYPE && kind !== FORM_TYPE) throw new UnsupportedMediaType();
  if (body.length > MAX_BODY) throw new BodyTooLarge();
  const length = visit.header("content-length");
  // Half a form reads like a whole one, of another user perhaps.
  if (length === null ? kind === FORM_TYPE : length !== String(body.length)) {
    throw new MalformedRequest("What was sent did not arrive whole.");
  }
  const fields = kind === JSON_TYPE ? readJson(body) : readForm(body);
  return {
    subjectId: subjectIdIn(fields.get("subject_id")),
    reason: textOf(fields, "reason") ?? "",
    ticket: textOf(fields, "ticket"),
    minutes: minutesIn(fields.get("minutes")),
    scope: scopeIn(textOf(fields, "scope")),
  };
}

/**
 * What a person typed into a form that started nothing, by what people call it; never throws.
 *
 * A script has what it sent.
 */
export function readTyped(visit: Visit, body: Uint8Array): Field[] {
  const found = fieldsOf(visit.header("content-type") ?? "", body);
  return found.flatMap(({ name, value }) => {
    const label = TYPED.get(name);
    return label === undefined ? [] : [{ name: label, value }];
  });
}

function readJson(body: Uint8Array): ReadonlyMap<string, unknown> {
  const text = decoded(body, "This is not JSON.");
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    throw new MalformedRequest("This is not JSON.");
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new MalformedRequest("This is no JSON object.");
  }
  // The parser keeps the last of two, and another reader its first.
  if (keysIn(text) !== Object.keys(fields).length) {
    throw new MalformedRequest("A field is there twice.");
  }
  for (const name of Object.keys(fields)) {
    // An actor above all: who it is, the app's own sign-in says.
    if (!NAMES.has(name)) {
      refuse(name.slice(0, 40), "is not a field of this");
    }
  }
  return new Map(Object.entries(fields));
}

/** How many keys the outermost object of `text`, which is JSON, is written with. */
function keysIn(text: string): number {
  let [depth, keys] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    depth += "{[".includes(token) ? 1 : "}]".includes(token) ? -1 : 0;
    keys += token === ":" && depth === 1 ? 1 : 0;
  }
  return keys;
}

function readForm(body: Uint8Array): ReadonlyMap<string, unknown> {
  const pairs = decoded(body, UNREADABLE).split("&").filter(Boolean);
  if (pairs.length > MAX_FIELDS || !/^[ -~]*$/.test(pairs.join(""))) {
    throw new MalformedRequest(UNREADABLE);
  }
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const name = unquoted(at < 0 ? pair : pair.slice(0, at));
    // Frameworks add fields of their own, as for their tokens against forgery.
    if (!NAMES.has(name)) continue;
    if (fields.has(name)) throw new MalformedRequest("A field is there twice.");
    fields.set(name, at < 0 ? "" : unquoted(pair.slice(at + 1)));
  }
  return new Map([...fields].filter(([, value]) => value !== ""));
}

const UNREADABLE = "This form cannot be read.";

function unquoted(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new MalformedRequest(UNREADABLE);
  }
}

function decoded(body: Uint8Array, otherwise: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new MalformedRequest(otherwise);
  }
}

function subjectIdIn(value: unknown): string {
  // Many apps number their users; a number that was rounded is another one's.
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== "string" || text.length === 0 || text.length > MAX_ID) {
    return refuse("subject_id", "is the id of a user");
  }
  try {
    requireId(text, "subject_id");
  } catch (error) {
    if (error instanceof InvalidInput) {
      throw new MalformedRequest(error.detail, { facts: { field: "subject_id" } });
    }
    throw error;
  }
  return text;
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string | null {
  const value = fields.get(name) ?? null;
  return value === null || typeof value === "string" ? value : refuse(name, "is text");
}

function minutesIn(value: unknown): number | null {
  const number = typeof value === "string" && /^[0-9]{1,15}$/.test(value) ? Number(value) : value;
  if (number === null || number === undefined) return null;
  return typeof number === "number" && Number.isSafeInteger(number)
    ? number
    : refuse("minutes", "is a whole number");
}

function scopeIn(value: string | null): Scope | null {
  const found = SCOPES.find((scope) => scope === value);
  return value === null ? null : (found ?? refuse("scope", `is one of ${SCOPES.join(", ")}`));
}

function refuse(field: string, what: string): never {
  throw new MalformedRequest(`${field} ${what}.`, { facts: { field } });
}
