/** What counts as text: one idea of it, at every door, and the same as the service's. */

import { InvalidInput } from "./errors.ts";

const NOT_PRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NO_TEXT = /^[\p{C}\p{Zl}\p{Zp}]$/u;
const BREAK = /^[\n\p{Zl}\p{Zp}]$/u;
const WRITING = /^[\p{L}\p{M}]$/u;
const PICTURE = /^[\p{So}\p{Sk}]$/u;
const NON_JOINER = "\u200c";
const JOINER = "\u200d";
const DRAWN = "\ufe0f";
const REPLACEMENT = "\ufffd";

interface Rules {
  /** More than one line. */
  readonly lines?: boolean;
  /** A joiner between two letters or two pictures. Off for ids: it is not seen. */
  readonly joiners?: boolean;
}

/** A character that is no text, and where it stands; both count from 1. */
interface TextFault {
  readonly char: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The first character of `text` that is none, or null: one rule for every door and field.
 *
 * Controls, direction overrides and whatever else is invisible make a log lie to its reader.
 */
function faultIn(text: string, rules: Rules): TextFault | null {
  // Nearly all of it is printable, which no character of these kinds is.
  if (isPrintable(text)) return null;
  const chars = [...text];
  const [place] = faulty(chars, rules);
  if (place === undefined) return null;
  const before = chars.slice(0, place);
  const line = before.filter((char) => char === "\n").length + 1;
  return { char: chars[place] ?? "", line, column: place - before.lastIndexOf("\n") };
}

/**
 * Return only if `value` is text by the rule of `faultIn`.
 *
 * @throws InvalidInput naming the character, where it stands, and the field.
 */
export function requireText(value: string | null, field: string, rules: Rules = {}): void {
  const fault = value === null ? null : faultIn(value, rules);
  if (fault === null) return;
  const number = (fault.char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const line = fault.line > 1 ? ` of line ${fault.line}` : "";
  const place = `U+${number} at character ${fault.column}${line}`;
  throw new InvalidInput(`${field} holds ${place}, which is no text.`, { facts: { field } });
}

/**
 * Return only if `value` is text in one line, without a joiner that nobody sees.
 *
 * @throws InvalidInput see `requireText`.
 */
export function requireId(value: string | null, field: string): void {
  requireText(value, field, { joiners: false });
}

/** Whether each character can be seen, or is a plain space. */
export function isPrintable(text: string): boolean {
  return !NOT_PRINTABLE.test(text);
}

/** `text` with a mark in the place of every character that is none; lines may break. */
export function cleaned(text: string): string {
  if (isPrintable(text)) return text;
  const chars = [...text];
  const marked = new Set(faulty(chars, { lines: true, joiners: false }));
  return chars.map((char, place) => (marked.has(place) ? REPLACEMENT : char)).join("");
}

function* faulty(chars: readonly string[], rules: Rules): Generator<number> {
  const { lines = false, joiners = true } = rules;
  for (const [place, char] of chars.entries()) {
    if (!NO_TEXT.test(char) || (lines && BREAK.test(char))) continue;
    if (!(joiners && joins(chars, place))) yield place;
  }
}

function joins(chars: readonly string[], place: number): boolean {
  const [before, char, after] = chars.slice(Math.max(0, place - 1), place + 2);
  if (place === 0 || before === undefined || after === undefined) return false;
  if (char !== JOINER && char !== NON_JOINER) return false;
  if (WRITING.test(before) && WRITING.test(after)) return true;
  // A picture may end in a mark that chooses how it is drawn.
  const isDrawn = PICTURE.test(before) || before === DRAWN;
  return char === JOINER && isDrawn && PICTURE.test(after);
}
