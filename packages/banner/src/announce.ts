import type { Timer } from "./pace.ts";

const SETTLE = 150;
const KEEP = 10_000;

/**
 * Speaks through two live regions. A text is set a moment after the region is empty in the page,
 * else screen readers miss it, and is taken away later, so that nobody finds an old time by browsing.
 */
export class Announcer {
  readonly #polite: HTMLElement;
  readonly #assertive: HTMLElement;
  #timer: Timer | undefined;

  constructor(polite: HTMLElement, assertive: HTMLElement) {
    this.#polite = polite;
    this.#assertive = assertive;
  }

  /** Says it when the reader is idle. */
  say(text: string): void {
    this.#speak(this.#polite, text);
  }

  /** Says it at once. */
  interrupt(text: string): void {
    this.#speak(this.#assertive, text);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #speak(region: HTMLElement, text: string): void {
    this.stop();
    this.#silence();
    this.#timer = setTimeout(() => {
      region.textContent = text;
      this.#timer = setTimeout(() => this.#silence(), KEEP);
    }, SETTLE);
  }

  #silence(): void {
    this.#polite.textContent = "";
    this.#assertive.textContent = "";
  }
}
