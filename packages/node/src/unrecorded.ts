/** Addresses whose reading says nothing about a person: style sheets, scripts, logos. */

import { onlyRead } from "./core/restrictions.ts";
import { PathPrefixes } from "./pathPrefixes.ts";

/**
 * Path prefixes whose safe requests stay out of the log, if they are answered well.
 *
 * Meant for what is the same for everybody. A path in any but its plainest spelling is recorded:
 * what is left out must not be a way around the log.
 *
 * @throws {SetupError} a prefix that does not begin and end with a slash.
 */
export class Unrecorded {
  readonly #prefixes: PathPrefixes;

  constructor(prefixes: Iterable<string> = []) {
    this.#prefixes = new PathPrefixes(prefixes, "unrecorded");
  }

  /** Whether a request with these methods for this path may stay out of the log. */
  covers(methods: readonly string[], path: string): boolean {
    return this.#prefixes.covers(path) && onlyRead(methods);
  }
}
