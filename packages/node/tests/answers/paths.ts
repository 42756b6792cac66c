/** Paths, the rules on them, addresses to go back to, and marks in addresses. */

import { SetupError } from "../../src/core/errors.ts";
import { type BlockedAction, Rulebook } from "../../src/core/restrictions.ts";
import { spellings } from "../../src/core/spellings.ts";
import { DeclaredReads } from "../../src/declaredReads.ts";
import { marked, splitAddress, splitQuery } from "../../src/pageMarks.ts";
import { mayBeOurs, mayHoldOurs, routePath } from "../../src/reading.ts";
import { pathOfReferrer, safePath } from "../../src/returnPath.ts";
import { isOwnHost } from "../../src/sameSite.ts";
import type { Scope } from "../../src/scope.ts";

export interface PathCase {
  readonly path: string;
  readonly root_path?: string;
}

export interface RuleCase {
  readonly rules: readonly BlockedAction[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}

export interface DeclaredCase {
  readonly reads: readonly string[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}

export interface ReturnCase {
  readonly value?: string;
  readonly referrer?: string;
  readonly origin?: string;
}

export interface MarkCase {
  readonly query?: string;
  readonly address?: string;
  readonly unmarked?: string;
  readonly identity?: string;
  readonly own_host?: string;
  readonly origin?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly below?: string;
  readonly in_query?: string;
}

const NOTHING: Scope = {
  type: "http",
  method: "GET",
  path: "/",
  rawPath: null,
  rootPath: "",
  queryString: "",
  headers: [],
  scheme: "https",
  client: null,
};

/** All that a layer may read in a path; or the part of it below where the app is mounted. */
export function spelled({ path, root_path: rootPath }: PathCase): unknown {
  if (rootPath !== undefined) return routePath({ ...NOTHING, path, rootPath });
  return [...spellings(path)].sort(byCodePoint);
}

/** The label of what is blocked. */
export function ruled({ rules, methods, paths }: RuleCase): string | null {
  return new Rulebook(rules).blocked(methods, paths)?.label ?? null;
}

/** Whether a request is declared to change nothing, or that nothing can be declared so. */
export function declared({ reads, methods, paths }: DeclaredCase): boolean | string {
  try {
    return new DeclaredReads(reads).cover(methods, paths);
  } catch (error) {
    if (error instanceof SetupError) return "error";
    throw error;
  }
}

/** Where a browser is sent. */
export function returnPath({ value, referrer, origin = "" }: ReturnCase): string {
  if (referrer === undefined) return safePath(value ?? null, "/home");
  return pathOfReferrer(referrer, { origin, fallback: "/home" });
}

/** What a query or an address is without its mark, and the mark. */
export function pageMark(given: MarkCase): unknown {
  if (given.query !== undefined) return splitQuery(given.query);
  if (given.address !== undefined) return splitAddress(given.address);
  if (given.unmarked !== undefined) return marked(given.unmarked, given.identity ?? "");
  if (given.own_host !== undefined) return isOwnHost(given.own_host, given.origin ?? "");
  const scope = { ...NOTHING, headers: given.headers ?? [], queryString: given.in_query ?? "" };
  const raw = scope.headers.flat();
  const may = mayHoldOurs(`/orders?${scope.queryString}`, raw, given.below);
  return may && mayBeOurs(scope, given.below);
}

function byCodePoint(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
