import { Pace, type Timer } from "./pace.ts";

/** A whole page was put in place of another without a navigation: htmx's boost, and Turbo. */
const SWAPPED = ["htmx:afterSwap", "htmx:afterSettle", "htmx:historyRestore", "turbo:render"];

/**
 * Puts the banner back at the start of the body when page script takes it out. It waits for the
 * script to finish: a loop that empties a node would never end if its work were undone at once.
 */
export class Guard {
  readonly #host: HTMLElement;
  readonly #pace: Pace = new Pace(5, 10_000);
  #timer: Timer | undefined;
  readonly #closed: AbortController = new AbortController();

  constructor(host: HTMLElement) {
    this.#host = host;
    for (const type of SWAPPED) {
      document.addEventListener(type, () => this.#afterSwap(), { signal: this.#closed.signal });
    }
  }

  /** Looks whether the banner is still in the page and visible there, and restores it if not. */
  check(): void {
    if (this.#closed.signal.aborted || this.#timer !== undefined || this.#inPlace()) return;
    this.#timer = setTimeout(() => this.#restore(), this.#pace.take(performance.now()));
  }

  stop(): void {
    this.#closed.abort();
    clearTimeout(this.#timer);
  }

  /** At once, and however often: a person goes from page to page, and no script works against us. */
  #afterSwap(): void {
    if (this.#inPlace()) return;
    clearTimeout(this.#timer);
    this.#restore();
  }

  #restore(): void {
    this.#timer = undefined;
    // Without a body (the page is between two) the next tick of the banner asks again.
    if (!this.#inPlace()) document.body?.prepend(this.#host);
  }

  #inPlace(): boolean {
    const host = this.#host;
    if (!host.isConnected) return false;
    // Moved into a part of the page that is hidden; directly in the body nothing better can be had.
    return host.parentNode === document.body || host.checkVisibility?.() !== false;
  }
}
