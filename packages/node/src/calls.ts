/** Calls of the service that requests wait for. */

import { Unavailable } from "./core/errors.ts";

/** Calls under way; more are refused at once, so that a slow service piles nothing up. */
export const MAX_WAITING = 200;

/** Runs gateway calls beside the requests that need them. */
export class Calls {
  readonly #shared = new Map<string, Promise<unknown>>();
  #underWay = 0;
  #open = true;

  /**
   * What `work` comes to.
   *
   * @throws Unavailable too many calls are under way, or the app is shutting down.
   */
  submit<T>(work: () => Promise<T>): Promise<T> {
    const called = this.#run(work);
    // Whoever asked may wait no longer once it fails: that must not end the app's process.
    called.catch(() => undefined);
    return called;
  }

  /**
   * Like `submit`; whoever asks for the same `key` meanwhile gets the same answer.
   *
   * @throws Unavailable see `submit`.
   */
  share<T>(key: string, work: () => Promise<T>): Promise<T> {
    // One page asks many times at once: the service hears the question once.
    const shared = this.#shared.get(key) as Promise<T> | undefined;
    if (shared !== undefined) return shared;
    const asked = this.submit(async () => {
      try {
        return await work();
      } finally {
        this.#shared.delete(key);
      }
    });
    this.#shared.set(key, asked);
    return asked;
  }

  /** Start no more calls; those under way end by their own time limits. */
  close(): void {
    this.#open = false;
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#open) throw new Unavailable(null, { internal: "the app is shutting down" });
    if (this.#underWay >= MAX_WAITING) {
      throw new Unavailable(null, { internal: "too many calls are waiting for the service" });
    }
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }
}
