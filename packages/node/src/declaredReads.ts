/** Routes that an app declares to change nothing, whatever their method: searches, reports. */

import { SetupError } from "./core/errors.ts";
import { unquote } from "./core/escapes.ts";
import { casefold } from "./core/letters.ts";
import { Rulebook, SAFE_METHODS } from "./core/restrictions.ts";
import { spellings } from "./core/spellings.ts";
import { isPlaceholder, PLACEHOLDERS } from "./core/tracks.ts";

const ANY_METHOD = "*";
const ROUTE = /^(?:(?<method>[A-Z]+|\*) )?(?<path>\/\S*)$/u;
const EVERYTHING: readonly string[] = ["/**", "/{rest:path}"];
const REST = "{**}";

interface Rule {
  readonly method: string;
  readonly rules: Rulebook;
  readonly exactly: RegExp;
}

/**
 * Covers requests by `METHOD /pattern`, or by `/pattern` whatever the method.
 *
 * Patterns are those of blocked actions, but for the case of letters and the slash at the end, which
 * count: `/items/SEARCH` may be another route than `/items/search`. A path in any but its plainest
 * spelling is not covered, nor is a request that some layer may take for another method: no
 * exception is a way around what it is an exception from.
 */
export class DeclaredReads {
  readonly #rules: readonly Rule[];

  /** @throws {SetupError} a pattern has another shape, or covers everything. */
  constructor(patterns: Iterable<string> = []) {
    if (typeof patterns === "string") throw new SetupError("reads is a list of routes.");
    this.#rules = [...patterns].map(ruleOf);
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Whether the request is declared to change nothing, whatever it is taken for. */
  cover(methods: readonly string[], paths: readonly string[]): boolean {
    const unsafe = methods.filter((method) => !SAFE_METHODS.has(method));
    // Behind a mount point a path has two readings of which a router takes one.
    return (
      paths.every(isPlain) &&
      unsafe.every((method) => paths.some((path) => this.#covers(method, path)))
    );
  }

  #covers(asked: string, path: string): boolean {
    return this.#rules.some(
      ({ method, rules, exactly }) =>
        (method === ANY_METHOD || method === asked) &&
        rules.blocked([asked], [path]) !== null &&
        exactly.test(path),
    );
  }
}

function isPlain(path: string): boolean {
  const plain = casefold(path).replace(/\/+$/, "") || "/";
  return spellings(path).every((spelling) => spelling === plain);
}

function ruleOf(pattern: string): Rule {
  const { method = ANY_METHOD, path } = ROUTE.exec(pattern)?.groups ?? {};
  if (path === undefined || EVERYTHING.includes(path)) {
    throw new SetupError(`reads names routes like 'POST /search' or '/search', not ${pattern}.`);
  }
  const rules = new Rulebook([{ method, pattern: path, label: pattern }]);
  return { method, rules, exactly: exactly(path) };
}

/** `pattern` with its letters and its last slash as they are written. */
function exactly(pattern: string): RegExp {
  const pieces = pattern.replaceAll("/**", REST).split(PLACEHOLDERS);
  return new RegExp(`^${pieces.map(expressionOf).join("")}$`, "su");
}

function expressionOf(piece: string): string {
  if (piece === REST) return "(?:/.*)?";
  if (isPlaceholder(piece)) return piece.endsWith(":path}") ? ".+" : "[^/]+";
  return unquote(piece).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
