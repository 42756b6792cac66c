/** Whether anybody works as somebody else in this process at all, whatever request it is about. */

import { onePerProcess } from "./onePerProcess.ts";

/** Where sessions are served. */
export interface Place {
  /** Whether a session is served there, or what one has left may still be waiting. */
  isBusy(): boolean;
}

/** The places of one process. `ever` once a session was served in any of them. */
export class AtWork {
  ever = false;
  // By weak references, as an app may be made and let go of many times in one process.
  readonly #places = new Set<WeakRef<Place>>();

  /** A session is served at `place`. */
  begins(place: Place): void {
    this.ever = true;
    if (![...this.#places].some((known) => known.deref() === place)) {
      this.#places.add(new WeakRef(place));
    }
  }

  /** Nothing is served at `place` any more. */
  leaves(place: Place): void {
    for (const known of this.#places) {
      const found = known.deref();
      if (found === undefined || found === place) this.#places.delete(known);
    }
  }

  /** Whether a session is, or was a moment ago, at work anywhere in this process. */
  anybody(): boolean {
    return [...this.#places].some((known) => known.deref()?.isBusy() ?? false);
  }
}

export const AT_WORK = onePerProcess("atWork", () => new AtWork());
