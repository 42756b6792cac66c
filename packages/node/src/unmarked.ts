/** What becomes of requests that carry no page mark, by what they are and by the app's settings. */

import { SetupError } from "./core/errors.ts";
import { mediaType } from "./mediaType.ts";
import { PathPrefixes } from "./pathPrefixes.ts";

const REPORTS: readonly string[] = [
  "application/csp-report",
  "application/reports+json",
  "text/ping",
];

/** How a request without a mark is taken. */
export const Unmarked = {
  BY_METHOD: "by_method",
  PASSES: "passes",
  ASKS_FIRST: "asks_first",
  REPORT: "report",
} as const;

export type Unmarked = (typeof Unmarked)[keyof typeof Unmarked];

/** True for what a browser sends of its own, and no page can mark: reports and pings. */
export function isReport(contentType: string): boolean {
  return REPORTS.includes(mediaType(contentType));
}

/**
 * Path prefixes of the app. Below `passing` no mark is asked for, such as where a payment provider
 * sends its customers back by a form. Reading `asking` changes something, so that a person is first
 * told for whom.
 *
 * @throws {SetupError} a prefix is malformed.
 */
export class UnmarkedPaths {
  readonly #passing: PathPrefixes;
  readonly #asking: readonly string[];

  constructor(passing: Iterable<string> = [], asking: Iterable<string> = []) {
    this.#passing = new PathPrefixes(passing, "unmarkedOk");
    this.#asking = checked(asking);
  }

  /** True where nothing is set. */
  get isEmpty(): boolean {
    return this.#passing.isEmpty && this.#asking.length === 0;
  }

  /** What is set for a request; `paths` are all readings of its path. */
  of(paths: readonly string[]): Unmarked {
    if (paths.some((path) => this.#asking.some((prefix) => path.startsWith(prefix)))) {
      return Unmarked.ASKS_FIRST;
    }
    // Every reading: which one the app's router takes is not known here.
    if (paths.every((path) => this.#passing.covers(path))) return Unmarked.PASSES;
    return Unmarked.BY_METHOD;
  }
}

function checked(prefixes: Iterable<string>): readonly string[] {
  const found = [...prefixes];
  for (const prefix of found) {
    // Those of a whole app would leave nothing to be read without being asked.
    if (!prefix.startsWith("/") || prefix === "/") {
      throw new SetupError(
        `writesByGet names paths like /unsubscribe, and not ${JSON.stringify(prefix)}.`,
      );
    }
  }
  return found;
}
