/**
 * A pattern with several wildcards, matched in one walk along the path.
 *
 * All places in the pattern at which a match may stand are kept as bits of one number, so that the
 * work grows with the path and never with the ways of dividing it among the wildcards.
 */

import { unquote } from "./escapes.ts";
import { casefold } from "./letters.ts";

export const PLACEHOLDERS = /(\{[^/{}]+\})/gu;
const ONE_PLACEHOLDER = /^\{[^/{}]+\}$/u;
const SLASH = "/";

/** The text that a piece of a pattern without placeholders stands for. */
export function literal(piece: string): string {
  return casefold(unquote(piece));
}

export function isPlaceholder(piece: string): boolean {
  return ONE_PLACEHOLDER.test(piece);
}

/** The places of one pattern: at each, what leads on from it and what may be repeated there. */
export class Tracks {
  #places = 0n;
  readonly #letters = new Map<string, bigint>();
  #any = 0n;
  #within = 0n;
  #stayAny = 0n;
  #stayWithin = 0n;
  readonly #skips: [bigint, bigint][] = [];

  constructor(segments: Iterable<string>) {
    for (const segment of segments) this.#add(segment);
  }

  /** Whether the pattern stands for the whole of `path`. */
  match(path: string): boolean {
    let found = this.#skipped(1n);
    for (const letter of path) {
      let lead = this.#any;
      let stay = this.#stayAny;
      if (letter !== SLASH) {
        lead |= this.#within;
        stay |= this.#stayWithin;
      }
      lead |= this.#letters.get(letter) ?? 0n;
      found = this.#skipped(((found & lead) << 1n) | (found & stay));
      if (found === 0n) return false;
    }
    return ((found >> this.#places) & 1n) === 1n;
  }

  #add(segment: string): void {
    const start = this.#places;
    this.#letter(SLASH);
    if (segment === "**") {
      // Any rest, or none: out of its middle, and past all of it, without a letter.
      this.#stayAny |= 1n << this.#places;
      this.#places += 1n;
      this.#skips.push([start, this.#places], [start + 1n, this.#places]);
      return;
    }
    for (const piece of segment.split(PLACEHOLDERS)) {
      if (isPlaceholder(piece)) this.#wildcard(piece.endsWith(":path}"));
      else for (const letter of literal(piece)) this.#letter(letter);
    }
  }

  #letter(letter: string): void {
    this.#letters.set(letter, (this.#letters.get(letter) ?? 0n) | (1n << this.#places));
    this.#places += 1n;
  }

  #wildcard(across: boolean): void {
    const lead = 1n << this.#places;
    const stay = lead << 1n;
    if (across) {
      this.#any |= lead;
      this.#stayAny |= stay;
    } else {
      this.#within |= lead;
      this.#stayWithin |= stay;
    }
    this.#places += 1n;
  }

  #skipped(found: bigint): bigint {
    let reached = found;
    for (const [source, target] of this.#skips) {
      if (((reached >> source) & 1n) === 1n) reached |= 1n << target;
    }
    return reached;
  }
}
