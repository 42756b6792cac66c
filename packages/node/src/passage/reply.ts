/** The answer of the app on its way to the browser, part by part. */

import { SessionOver, Unavailable } from "../core/errors.ts";
import { GrowingPage } from "../growingPage.ts";
import { type RawHeaders, takesBanner } from "../headers.ts";
import { type Answer, wantsPage } from "../visit.ts";
import type { Passage } from "./passage.ts";

/** How an answer came to its end. */
export interface Closing {
  /** The pattern by which the framework found the view. */
  readonly route?: string | null;
  /** Whether the app's call has failed. */
  readonly failed?: boolean;
}

/**
 * An object and no generator: whoever stops asking for parts must still be able to close it.
 *
 * A driver calls `start` when the app has decided on status and headers, `part` for each part of
 * the body, and `close` in any case: also when the browser has gone, and when the app failed.
 * `headers`, and what `part` gives, go out once `waits` is false; until then a page is held back,
 * since its banner makes it longer. `refusal` is what goes out in place of the answer. A driver
 * that ends the answer before its end calls `cut`, or says why in `cutBy`, before it closes.
 */
export class Reply {
  headers: RawHeaders = [];
  refusal: Answer | null = null;
  status: number | null = null;
  cutBy: string | null = null;
  waits = false;
  readonly #passage: Passage;
  #page: GrowingPage | null = null;
  #hasTold = false;

  constructor(passage: Passage) {
    this.#passage = passage;
  }

  /** Begin, or say what goes out instead. `seen` is the user whom the app has settled on. */
  start(status: number, headers: RawHeaders, seen: unknown = null): Answer | null {
    const passage = this.#passage;
    // Here and not before: only now the app has shown who it took the browser for.
    this.refusal = passage.lateRefusal(seen);
    if (this.refusal !== null) return this.refusal;
    this.status = status;
    this.headers = passage.crossing.toBrowser(headers, passage.runtime.monotonic());
    if (wantsPage(passage.request.headers) && takesBanner(status, this.headers)) {
      const isHead = passage.request.method === "HEAD";
      const insertion = passage.insertion(this.headers);
      const corrected = [...this.headers, ...passage.corrected()];
      this.#page = new GrowingPage(corrected, insertion, { isHead });
      this.headers = this.#page.headers;
      this.waits = true;
    }
    return null;
  }

  /**
   * Whether a part may go out although the session is over.
   *
   * If not, `refusal` goes out in its place, or the answer is cut off where it stands.
   */
  outlives(body: Uint8Array, { more }: { more: boolean }): boolean {
    if (this.waits) {
      this.refusal ??= this.#passage.lateRefusal(null);
      if (this.refusal !== null) return false;
    } else if (body.length === 0 && !more) {
      // That an answer is complete tells nothing but that.
      return true;
    }
    // What was changed is changed, and whoever sent it shall hear how that went: once.
    return !this.#hasTold && !this.#passage.request.asked.onlyReads;
  }

  /** Nothing more goes out: the session is over, or nobody can tell any more. */
  cut(): void {
    this.cutBy = this.#passage.isOver() ? SessionOver.code : Unavailable.code;
  }

  /** What may be sent on now, of this part and of those that were held back. */
  part(body: Uint8Array, { more }: { more: boolean }): Uint8Array {
    const sent = this.#page === null ? body : this.#grown(this.#page, body, more);
    this.#hasTold ||= sent.length > 0;
    return sent;
  }

  #grown(page: GrowingPage, body: Uint8Array, more: boolean): Uint8Array {
    const sent = page.part(body, { more });
    this.headers = page.headers;
    this.waits = page.waits;
    return sent;
  }

  /** Tell the log how it went, once; what goes out in place of the app's answer, if anything. */
  close({ route = null, failed = false }: Closing = {}): Answer | null {
    const passage = this.#passage;
    // A page that was still held back has not reached anybody.
    const isUnsent = this.status === null || (failed && this.waits);
    let status = this.status;
    if (this.refusal === null && isUnsent) {
      // Frameworks turn errors that they do not know into others: whatever came of it counts.
      if (passage.present.forbidden) this.refusal = passage.forbidden();
      else if (passage.missing) this.refusal = passage.refuse(passage.notApplied());
      else if (failed) status = 500;
    }
    // The log takes the first word alone, so that a driver may call this as often as it likes.
    const rule = this.cutBy ?? passage.unasked(status, route);
    passage.log.completed(status, { route, rule });
    return this.refusal;
  }
}
