import { Pace, type Timer } from "./pace.ts";

/**
 * Puts the banner back at the start of the body when page script takes it out. It waits for the
 * script to finish: a loop that empties a node would never end if its work were undone at once.
 */
export class Guard {
  readonly #host: HTMLElement;
  readonly #pace: Pace = new Pace(5, 10_000);
  #timer: Timer | undefined;
  #stopped = false;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Looks whether the banner is still in the page and visible there, and restores it if not. */
  check(): void {
    if (this.#stopped || this.#timer !== undefined || this.#inPlace()) return;
    this.#timer = setTimeout(() => this.#restore(), this.#pace.take(performance.now()));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
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
