/** A change as the native API and the form of a page carry it. */

import { deflateSync, inflateSync } from "node:zlib";
import { MalformedRequest } from "../core/errors.ts";
import type { Pair, Write } from "../core/unlocks.ts";
import { readObject } from "../fields.ts";
import type { AskedFor, Spent } from "./values.ts";

/** Letters of a packed change, and bytes of an unpacked one, at most. */
export const MOST_TEXT = 262_144;
const NAMES = ["fields", "host", "media_type", "method", "path", "query"];

/** `write` as members of JSON. */
export function printWrite({ mediaType, ...write }: Write): Record<string, unknown> {
  return { ...write, media_type: mediaType };
}

/**
 * The answer to a spending.
 *
 * @throws {Unavailable} it cannot be understood.
 */
export function readSpent(body: Buffer): Spent {
  const found = readObject(body);
  return { spent: found.truth("spent"), differs: found.texts("differs") };
}

/**
 * The answer to an asking.
 *
 * @throws {Unavailable} it cannot be understood.
 */
export function readAskedFor(body: Buffer): AskedFor {
  const found = readObject(body);
  return { id: found.text("id"), status: found.text("status") };
}

/** `write` in letters that a form may hold. */
export function packed(write: Write): string {
  return deflateSync(JSON.stringify(printWrite(write))).toString("base64url");
}

/**
 * What was packed. Somebody may have packed it by hand: it is only what they ask for.
 *
 * @throws {MalformedRequest} it was not.
 */
export function unpacked(text: string): Write {
  const found = membersIn(text);
  if (found === null || !sameNames(Object.keys(found))) throw unreadable();
  const { method, host, path, media_type: mediaType, query, fields } = found;
  if (!isText(method) || !isText(host) || !isText(path) || !isText(mediaType)) throw unreadable();
  if (!arePairs(query) || !arePairs(fields)) throw unreadable();
  return { method, host, path, mediaType, query, fields };
}

function membersIn(text: string): Record<string, unknown> | null {
  try {
    const raw = inflateSync(Buffer.from(text, "base64url"), { maxOutputLength: MOST_TEXT });
    const found: unknown = JSON.parse(raw.toString());
    return typeof found === "object" ? (found as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function sameNames(names: string[]): boolean {
  return names.sort().join() === NAMES.join();
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function arePairs(value: unknown): value is Pair[] {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText))
  );
}

function unreadable(): MalformedRequest {
  return new MalformedRequest("This change cannot be read. Do it once more in the app.");
}
