/** A text that must not be seen: no log line, error or inspection shows it. */

import { timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const SHOWN = "Secret('**********')";

/** Holds a bearer token or an application's secret; `reveal` it only where it is sent. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same text; takes the same time whatever they hold. */
  equals(other: Secret): boolean {
    return isSameText(this.#value, other.reveal());
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

/** Whether two texts are equal; the time that it takes tells only whether they are as long. */
export function isSameText(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
