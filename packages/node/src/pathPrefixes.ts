/** Parts of the app that an option names by how their paths begin. */

import { SetupError } from "./core/errors.ts";

const ODD = ["%", "\\", ";", "//", "\ufffd"] as const;
const DOTS: readonly string[] = [".", ".."];

/**
 * Covers paths below `prefixes` in their plainest spelling alone.
 *
 * Whatever a router may read otherwise is not covered: no exception is a way around what it is an
 * exception from.
 *
 * @throws {SetupError} a prefix of the option `name` does not begin and end with a slash.
 */
export class PathPrefixes {
  readonly #prefixes: readonly string[];

  constructor(prefixes: Iterable<string>, name: string) {
    this.#prefixes = [...prefixes];
    for (const prefix of this.#prefixes) {
      if (!(prefix.startsWith("/") && prefix.endsWith("/") && prefix.length > 1)) {
        throw new SetupError(
          `${name} names paths like /static/, and not ${JSON.stringify(prefix)}.`,
        );
      }
    }
  }

  /** Whether `path` lies below one of them. */
  covers(path: string): boolean {
    if (!this.#prefixes.some((prefix) => path.startsWith(prefix))) return false;
    if (ODD.some((mark) => path.includes(mark))) return false;
    return !path.split("/").some((part) => DOTS.includes(part));
  }

  get isEmpty(): boolean {
    return this.#prefixes.length === 0;
  }
}
