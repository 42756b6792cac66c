/** A page on its way to the browser that grows by what is put into it. */

import { lengthened, type RawHeaders, withoutLength } from "./headers.ts";
import type { Insertion } from "./insertion.ts";

/**
 * `headers`, and what `part` gives, go out once `waits` is false; until then the page is held
 * back, since its headers tell how long it is. `isHead` for the answer to a HEAD.
 */
export class GrowingPage {
  headers: RawHeaders;
  waits = true;
  readonly #insertion: Insertion;
  readonly #isHead: boolean;

  constructor(headers: RawHeaders, insertion: Insertion, { isHead }: { isHead: boolean }) {
    this.headers = headers;
    this.#insertion = insertion;
    this.#isHead = isHead;
  }

  /** What may be sent on now, of this part and of those that were held back. */
  part(body: Uint8Array, { more }: { more: boolean }): Uint8Array {
    const insertion = this.#insertion;
    const fed = insertion.feed(body);
    const sent = more ? fed : Buffer.concat([fed, insertion.finish()]);
    if (this.waits && sent.length > 0) {
      this.headers = lengthened(this.headers, insertion.length);
    } else if (this.waits && !more && this.#isHead) {
      // How long the page is then only its body could tell (RFC 9110, section 8.6).
      this.headers = withoutLength(this.headers);
    }
    if (sent.length > 0 || !more) this.waits = false;
    return sent;
  }
}
