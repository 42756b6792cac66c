/** The members of a JSON object as fields, their values as canonical text. */

import { byCodePoint } from "../core/letters.ts";
import type { Pair } from "../core/unlocks.ts";
import { strictText } from "./strictText.ts";
import { Unbound } from "./unbound.ts";

/** The name of the one field of a body that is no object, which is said beside it. */
const WHOLE = "whole";
/** So many objects and lists within each other a member may have. */
const MOST_LEVELS = 100;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Pairs in the order of the body, and what is said beside them. */
export type Read = readonly [fields: readonly Pair[], kinds: readonly string[]];

/**
 * The text of each member; a number's as it was written: 1.10 is not 1.1, and no number of
 * JavaScript's holds every integer.
 *
 * @throws {Unbound} no JSON, a member twice, or too deep.
 */
export function fieldsOfJson(body: Uint8Array): Read {
  const reading = new Reading(strictText(body));
  if (reading.isObject) return [reading.members(MOST_LEVELS), []];
  return [[[WHOLE, reading.value(MOST_LEVELS)]], [WHOLE]];
}

class Reading {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    try {
      JSON.parse(text);
    } catch {
      throw new Unbound();
    }
    // Of what is JSON these are all parts, but for the blanks between them.
    this.#tokens = text.match(TOKEN) ?? [];
  }

  get isObject(): boolean {
    return this.#next === "{";
  }

  /** Each member of the object at hand; within `left` levels. */
  members(left: number): Pair[] {
    const found: Pair[] = [];
    const names = new Set<string>();
    for (const token of this.#items("}")) {
      const name = textOf(token);
      if (names.has(name)) throw new Unbound();
      names.add(name);
      this.#at += 2; // the name, and the colon behind it
      found.push([name, this.value(left)]);
    }
    return found;
  }

  /** The value at hand as canonical text, within `left` levels. */
  value(left: number): string {
    const token = this.#next;
    if (token !== "{" && token !== "[") {
      this.#at += 1;
      return token.startsWith('"') ? JSON.stringify(textOf(token)) : token;
    }
    if (left === 0) throw new Unbound();
    return token === "{" ? this.#object(left - 1) : this.#list(left - 1);
  }

  #object(left: number): string {
    const members = this.members(left).sort(([one], [other]) => byCodePoint(one, other));
    return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`;
  }

  #list(left: number): string {
    const values: string[] = [];
    for (const _ of this.#items("]")) values.push(this.value(left));
    return `[${values.join()}]`;
  }

  /** The first token of each item up to `end`; whoever asks for the next has read the last. */
  *#items(end: string): Generator<string> {
    this.#at += 1;
    while (this.#next !== end) {
      yield this.#next;
      if (this.#next === ",") this.#at += 1;
    }
    this.#at += 1;
  }

  get #next(): string {
    return this.#tokens[this.#at] ?? "";
  }
}

function textOf(token: string): string {
  const text = JSON.parse(token) as string;
  // Half a letter is none, and what becomes of it is up to each reader.
  if (!text.isWellFormed()) throw new Unbound();
  return text;
}
