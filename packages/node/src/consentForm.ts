/** What a user sends from their own page: JSON of a script, or a form of a page without one. */

import { BodyTooLarge, MalformedRequest, UnsupportedMediaType } from "./core/errors.ts";
import type { Deed, UserSays } from "./userSays.ts";
import type { Visit } from "./visit.ts";

export const MAX_BODY = 16_384;
const MAX_FIELDS = 50;
const MAX_ID = 100;
const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const TARGETS: Readonly<Partial<Record<Deed, string>>> = {
  allow: "request_id",
  decline: "request_id",
  code: "request_id",
  end: "session_id",
  not_agreed: "session_id",
};
const FACTS: Readonly<Partial<Record<Deed, readonly string[]>>> = {
  agree: ["days", "scope"],
  not_agreed: ["note"],
};
const UNREADABLE = "This cannot be read.";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What `body` says, which is one of the deeds `among`; who says it, nothing that is sent tells.
 *
 * @throws {UnsupportedMediaType} neither JSON nor a form. A page of another site can send what is
 *   neither without its browser asking us first.
 * @throws {BodyTooLarge} longer than `MAX_BODY`.
 * @throws {MalformedRequest} unreadable, or a field is missing or no such thing.
 */
export function readSaid(
  visit: Visit,
  body: Uint8Array,
  { subjectId, among }: { readonly subjectId: string; readonly among: ReadonlySet<Deed> },
): UserSays {
  const fields = fieldsOf(visit, body);
  const deed = deedIn(fields.do, among);
  const name = TARGETS[deed];
  const facts: Record<string, unknown> = {};
  for (const fact of FACTS[deed] ?? []) {
    const value = fields[fact] ?? "";
    if (value !== "") facts[fact] = value;
  }
  if (typeof facts.days === "string") facts.days = whole(facts.days);
  return { subjectId, deed, target: name ? idIn(fields[name], name) : "", facts };
}

function fieldsOf(visit: Visit, body: Uint8Array): Fields {
  const [type = ""] = (visit.header("content-type") ?? "").split(";", 1);
  const kind = type.trim().toLowerCase();
  if (kind !== JSON_TYPE && kind !== FORM_TYPE) throw new UnsupportedMediaType();
  if (body.length > MAX_BODY) throw new BodyTooLarge();
  const length = visit.header("content-length");
  if (length !== null && length !== String(body.length)) {
    throw new MalformedRequest("What was sent did not arrive whole.");
  }
  return kind === FORM_TYPE ? readForm(body) : readJson(body);
}

function readForm(body: Uint8Array): Fields {
  const pairs = decoded(body).split("&").filter(Boolean);
  if (pairs.length > MAX_FIELDS || !/^[\0-\x7f]*$/.test(pairs.join(""))) {
    throw new MalformedRequest(UNREADABLE);
  }
  const fields: Record<string, string> = Object.create(null);
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    // As the service's own reader does: a name without a value, or with an empty one, says nothing.
    if (at >= 0 && at < pair.length - 1) {
      fields[unquoted(pair.slice(0, at))] = unquoted(pair.slice(at + 1));
    }
  }
  return fields;
}

function readJson(body: Uint8Array): Fields {
  let fields: unknown;
  try {
    fields = JSON.parse(decoded(body));
  } catch {
    throw new MalformedRequest(UNREADABLE);
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new MalformedRequest("This is no JSON object.");
  }
  return { ...fields };
}

function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new MalformedRequest(UNREADABLE);
  }
}

function unquoted(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new MalformedRequest(UNREADABLE);
  }
}

function deedIn(given: unknown, among: ReadonlySet<Deed>): Deed {
  for (const deed of among) if (given === deed) return deed;
  const known = [...among].sort().join(", ");
  throw new MalformedRequest(`do is one of ${known}.`, { facts: { field: "do" } });
}

function idIn(given: unknown, name: string): string {
  if (typeof given !== "string" || given.length === 0 || given.length > MAX_ID) {
    throw new MalformedRequest(`${name} is missing.`, { facts: { field: name } });
  }
  return given;
}

function whole(text: string): number {
  if (!/^[0-9]{1,3}$/.test(text)) {
    throw new MalformedRequest("days is a whole number.", { facts: { field: "days" } });
  }
  return Number(text);
}
