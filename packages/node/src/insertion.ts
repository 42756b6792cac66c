/**
 * Puts the banner and the page's mark into a page while the page streams by.
 *
 * The banner goes right behind `<body …>`, the mark to the front of the head, before anything that
 * could run. Comments, and elements whose content is text, are stepped over: what looks like a tag
 * in them is none. Nothing is decoded: the marks are ASCII in every charset that a browser accepts
 * for HTML, UTF-16 aside.
 */

import { commentEnd, isOfText, mayGrow, tagEnd, textElementEnd } from "./markup.ts";

/** Bytes that are held back at most while the place is looked for. */
const MAX_HELD = 65_536;
const PLACE = /<(?:(body|head|html)(?=[\t-\r />])|(\?|!doctype)|(\/head))/iy;
const BEHIND = /<\/head[\t-\r ]*>/iy;
const BLANK = /^[ \t\r\n\f\xef\xbb\xbf]*$/;
const BOM = "\xef\xbb\xbf";
const NOTHING = Buffer.alloc(0);

type Kind = "body" | "head" | "front" | "behind";

interface Place {
  readonly kind: Kind;
  readonly end: number;
}

/**
 * One page. `feed` its chunks, then `finish`; together they give the page with the banner.
 *
 * Without a `<body>` the banner goes behind doctype, `<html>` and `<head>`, or to the start: never
 * before a doctype, which would put the page into quirks mode. `head` goes to the front of the
 * page's head, also where that is not spelled. Without a banner the page is held back no longer than
 * until the head begins.
 */
export class Insertion {
  readonly #banner: Uint8Array;
  readonly #head: Uint8Array;
  #front = 0;
  #isAtFront: boolean;
  // As it came, and as letters of which each stands for one byte.
  #chunks: Uint8Array[] = [];
  #held = "";
  #place = 0;
  #position = 0;
  done = false;

  constructor(banner: Uint8Array, { head = NOTHING }: { head?: Uint8Array } = {}) {
    this.#banner = banner;
    this.#head = head;
    this.#isAtFront = head.length > 0;
  }

  /** By how much the page grows. */
  get length(): number {
    return this.#banner.length + this.#head.length;
  }

  /** What may be sent on now. */
  feed(chunk: Uint8Array): Uint8Array {
    if (this.done) return chunk;
    this.#chunks.push(chunk);
    this.#held += lettersOf(chunk);
    // Beyond the bound it goes wherever it may stand: no page is held back for ever.
    if (this.#findPlaces() || this.#held.length > MAX_HELD) return this.#insert();
    return NOTHING;
  }

  /** The rest of the page; an empty one stays so. */
  finish(): Uint8Array {
    return this.done || this.#held === "" ? NOTHING : this.#insert();
  }

  #findPlaces(): boolean {
    while (this.#banner.length > 0 || this.#isAtFront) {
      const start = this.#held.indexOf("<", this.#position);
      if (this.#isAtFront) this.#noteText(start);
      if (start < 0) {
        this.#position = this.#held.length;
        return false;
      }
      const place = placeAt(this.#held, start);
      const end = place?.end ?? this.#step(start);
      if (end === null) {
        // The tag is cut in two by the end of the chunk: with the next one it is looked at again.
        this.#position = start;
        return false;
      }
      if (place !== null) this.#place = end;
      if (place?.kind === "body") return true;
      if (this.#isAtFront) this.#noteTag(place?.kind ?? null, start, end);
      this.#position = end;
    }
    return true;
  }

  /** Text before the head begins the body. */
  #noteText(end: number): void {
    const text = this.#held.slice(this.#position, end < 0 ? undefined : end);
    this.#isAtFront = BLANK.test(text);
  }

  /** Whether the head has not yet begun behind the tag from `start` to `end`. */
  #noteTag(kind: Kind | null, start: number, end: number): void {
    if (kind === "front" || kind === "head") {
      this.#front = end;
      this.#isAtFront = kind === "front";
    } else if (!this.#held.startsWith("<!--", start)) {
      // A comment begins nothing, wherever it stands.
      this.#isAtFront = false;
    }
  }

  /** Where to look on behind the mark at `start`; null when more of it must be seen. */
  #step(start: number): number | null {
    const held = this.#held;
    if ("<!--".startsWith(held.slice(start, start + 4))) return commentEnd(held, start);
    if (isOfText(held, start)) return textElementEnd(held, start);
    // A bare `<` in the text is no tag, and waiting for its end would hold the page back.
    return mayGrow(held, start) ? tagEnd(held, start) : start + 1;
  }

  #insert(): Uint8Array {
    if (this.#held.startsWith(BOM)) {
      this.#place ||= BOM.length;
      this.#front ||= BOM.length;
    }
    const page =
      this.#chunks.length === 1 ? (this.#chunks[0] ?? NOTHING) : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#held = "";
    this.done = true;
    const [front, place] = [this.#front, this.#place];
    const parts =
      this.#banner.length === 0
        ? [page.subarray(0, front), this.#head, page.subarray(front)]
        : [
            page.subarray(0, front),
            this.#head,
            page.subarray(front, place),
            this.#banner,
            page.subarray(place),
          ];
    return Buffer.concat(parts);
  }
}

/** A tag by which a place is known, whole. */
function placeAt(held: string, start: number): Place | null {
  PLACE.lastIndex = start;
  const [, element, declared, behind] = PLACE.exec(held) ?? [];
  if (behind !== undefined) return placed("behind", behindEnd(held, start));
  if (declared !== undefined) return placed("front", held.indexOf(">", start) + 1 || null);
  if (element === undefined) return null;
  const name = element.toLowerCase();
  const kind = name === "body" || name === "head" ? name : "front";
  return placed(kind, tagEnd(held, start));
}

function placed(kind: Kind, end: number | null): Place | null {
  return end === null ? null : { kind, end };
}

function behindEnd(held: string, start: number): number | null {
  BEHIND.lastIndex = start;
  return BEHIND.test(held) ? BEHIND.lastIndex : null;
}

function lettersOf(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
}
