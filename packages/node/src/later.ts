/** An answer in which the service has a part, and that is waited for. */

import { UnderstudyError } from "./core/errors.ts";
import { type Settled, type Steps, waiting } from "./passage/steps.ts";
import type { Answer } from "./visit.ts";

export interface LaterFacts<T> {
  readonly promise: Promise<T>;
  readonly seconds: number;
  readonly then: (value: T) => Answer;
  readonly failed: (error: UnderstudyError) => Answer;
  readonly otherwise: () => Answer;
  readonly abandoned?: (value: T) => void;
}

/**
 * An answer that waits for `promise`: `then` makes it, or `failed`, or `otherwise` when it took too
 * long.
 *
 * When nobody waits any more, `abandoned` undoes what comes of it after all.
 */
export class Later<T> {
  readonly #facts: LaterFacts<T>;

  constructor(facts: LaterFacts<T>) {
    this.#facts = facts;
  }

  /** The answer, or the one for when it takes too long. */
  *steps(): Steps<Answer> {
    const { promise, seconds, otherwise } = this.#facts;
    let settled: Settled<T> | null = null;
    try {
      settled = yield* waiting(promise, seconds);
    } finally {
      // Too late, or whoever waited has gone, so that nobody gets the answer.
      if (settled === null) this.#abandon();
    }
    return settled === null ? otherwise() : this.#answer(settled);
  }

  #answer(settled: Settled<T>): Answer {
    const { then, failed } = this.#facts;
    try {
      if ("error" in settled) throw settled.error;
      return then(settled.value);
    } catch (error) {
      if (error instanceof UnderstudyError) return failed(error);
      throw error;
    }
  }

  #abandon(): void {
    const { promise, abandoned } = this.#facts;
    // What fails has nothing to undo.
    promise.then(abandoned, () => undefined);
  }
}
