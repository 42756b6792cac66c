/** What `setTimeout` gives back, in a browser a number. */
export type Timer = ReturnType<typeof setTimeout>;

/**
 * Lets `burst` acts through in any `window` milliseconds and says how long to wait with the next.
 * What answers page script goes through it: two scripts that undo each other must never become a loop.
 */
export class Pace {
  readonly #burst: number;
  readonly #window: number;
  readonly #times: number[] = [];

  constructor(burst: number, window: number) {
    this.#burst = burst;
    this.#window = window;
  }

  /** Books the next act and returns the milliseconds until it may happen; 0 means now. */
  take(now: number): number {
    const bound = this.#times[this.#times.length - this.#burst];
    const at = bound === undefined ? now : Math.max(now, bound + this.#window);
    this.#times.push(at);
    if (this.#times.length > this.#burst) this.#times.shift();
    return at - now;
  }
}
