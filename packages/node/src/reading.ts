/** A request's scope as the SDK's values. */

import { parsePairs } from "./core/escapes.ts";
import { DeclaredReads } from "./declaredReads.ts";
import { Asked, methodsOf } from "./guard.ts";
import { type MethodOverrides, UNDERSTOOD } from "./overrides.ts";
import { HEADER, NAME } from "./pageMarks.ts";
import { PathPrefixes } from "./pathPrefixes.ts";
import type { Scope } from "./scope.ts";
import { takeMark } from "./scopeMarks.ts";
import { isReport, Unmarked, type UnmarkedPaths } from "./unmarked.ts";

const OURS = /understudy/i;
const TELLING_QUERY = /method|%/i;
const SEARCHED: ReadonlySet<string> = new Set(["cookie", "host", "origin", "referer"]);
const SEARCHED_LENGTHS: ReadonlySet<number> = new Set([...SEARCHED].map((name) => name.length));
// By each of these somebody may be signed in who is not the subject: a proxy, or a server, that
// signs people in itself says so by a header, and headless clients bring their session in one.
// Gateways take an underscore for the hyphen.
const CREDENTIALS: ReadonlySet<string> = new Set([
  "authorization",
  "remote-user",
  "remote_user",
  "x-session-token",
  "x_session_token",
]);
const SCHEMES: Readonly<Record<string, string>> = { ws: "http", wss: "https" };

/** The path below the mount point; some servers leave `rootPath` out of `path`. */
export function routePath({ path, rootPath }: Scope): string {
  if (rootPath === "" || !path.startsWith(rootPath)) return path;
  const below = path.slice(rootPath.length);
  return below === "" || below.startsWith("/") ? below : path;
}

/**
 * True when our name stands in a cookie, an address, or the name of any header; in any case.
 *
 * Also when the host may lie `below` the wildcard of session origins: what is no label has no
 * business there.
 */
export function mayBeOurs(scope: Scope, below: string | null = null): boolean {
  if (isTelling(scope.queryString, below)) return true;
  return scope.headers.some(([name, value]) => isTelling(SEARCHED.has(name) ? value : name, below));
}

/**
 * A first look for the same at what Node has of a request: false for nearly all, and never where
 * `mayBeOurs` is true. Every request of the app pays for it, so that nothing is put together.
 */
export function mayHoldOurs(
  target: string,
  rawHeaders: readonly string[],
  below: string | null = null,
): boolean {
  if (isTelling(target, below)) return true;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (OURS.test(name)) return true;
    // As long as the names of those whose values are searched, in whatever case.
    if (SEARCHED_LENGTHS.has(name.length) && isTelling(rawHeaders[at + 1] ?? "", below))
      return true;
  }
  return false;
}

export interface ReaderSettings {
  readonly overrides?: MethodOverrides;
  readonly bearerPaths?: Iterable<string>;
  readonly unmarkedPaths?: UnmarkedPaths | null;
  readonly declaredReads?: DeclaredReads;
}

/**
 * Reads requests for the guard, by what may override a method in this app.
 *
 * `bearerPaths` are where credentials of the agent's are let go of in a session, `unmarkedPaths`
 * what is set for requests without a page's mark, `declaredReads` what changes nothing whatever its
 * method.
 */
export class Reader {
  readonly #overrides: MethodOverrides;
  readonly #unmarkedPaths: UnmarkedPaths | null;
  readonly #bearerPaths: PathPrefixes;
  readonly #declaredReads: DeclaredReads;
  readonly #headers: ReadonlySet<string>;

  constructor(settings: ReaderSettings = {}) {
    this.#overrides = settings.overrides ?? UNDERSTOOD;
    const { unmarkedPaths = null } = settings;
    // Null where nothing is set, as each request of a session asks.
    this.#unmarkedPaths = unmarkedPaths?.isEmpty ? null : unmarkedPaths;
    this.#bearerPaths = new PathPrefixes(settings.bearerPaths ?? [], "bearerPaths");
    this.#declaredReads = settings.declaredReads ?? new DeclaredReads();
    const names = [...this.#overrides.headers];
    // Gateways take an underscore in a header's name for the hyphen.
    this.#headers = new Set([...names, ...names.map((name) => name.replaceAll("-", "_"))]);
  }

  /**
   * What the guard decides on: a few facts of the request, nothing of its body.
   *
   * A page's mark is taken out of `scope`.
   */
  asked(scope: Scope): Asked {
    const said = this.#said(scope);
    const mark = said.marked ? takeMark(scope, ownOrigin(scope)) : (scope.takenMark ?? null);
    const paths = readings(scope);
    const named = [...said.named, ...this.#inQuery(said.query)];
    const methods = methodsOf(scope.method, [...said.ofForm, ...named]);
    return new Asked({
      cookie: said.cookie,
      methods,
      paths,
      authorization: said.authorization && !this.#letsGo(paths),
      socket: scope.type === "websocket",
      mark,
      unmarked: this.#unmarked(paths, said.unmarked),
      overridden: named.length > 0,
      reads: !this.#declaredReads.isEmpty && this.#declaredReads.cover(methods, paths),
    });
  }

  #said(scope: Scope): Said {
    const said = new Said(scope.queryString);
    for (const [name, value] of scope.headers) {
      if (name === "cookie") {
        // HTTP/2 may bring cookies in several headers (RFC 9113, section 8.2.3).
        said.cookie = said.cookie ? `${said.cookie}; ${value}` : value;
      } else if (CREDENTIALS.has(name)) {
        said.authorization = true;
      } else if (name === "content-type") {
        said.ofForm.push(...this.#overrides.inForm(scope.method.toUpperCase(), value));
        if (isReport(value)) said.unmarked = Unmarked.REPORT;
      } else if (name === "referer") {
        said.marked ||= value.includes(NAME);
      } else if (name === HEADER) {
        said.marked = true;
      } else if (this.#headers.has(name)) {
        said.named.push(value);
      }
    }
    return said;
  }

  #inQuery(query: string): string[] {
    return TELLING_QUERY.test(query) ? this.#overrides.inQuery(pairsOf(query)) : [];
  }

  #letsGo(paths: readonly string[]): boolean {
    // By every reading: one that is not covered may be the router's.
    return !this.#bearerPaths.isEmpty && paths.every((path) => this.#bearerPaths.covers(path));
  }

  #unmarked(paths: readonly string[], said: Unmarked): Unmarked {
    const set = this.#unmarkedPaths?.of(paths) ?? Unmarked.BY_METHOD;
    return set === Unmarked.BY_METHOD ? said : set;
  }
}

/** What the headers of one request say that the guard goes by. */
class Said {
  cookie = "";
  authorization = false;
  marked: boolean;
  unmarked: Unmarked = Unmarked.BY_METHOD;
  /** The methods that a form may name, and those that headers do. */
  readonly ofForm: string[] = [];
  readonly named: string[] = [];
  readonly query: string;

  constructor(query: string) {
    this.query = query;
    this.marked = query.includes(NAME);
  }
}

/** Scheme and host under which the browser reached the app. */
export function ownOrigin({ scheme, headers }: Scope): string {
  const host = headers.find(([name]) => name === "host")?.[1] ?? "";
  return `${SCHEMES[scheme] ?? scheme}://${host.toLowerCase()}`;
}

function pairsOf(query: string): [string, string][] {
  const pairs = parsePairs(query, { keepBlankValues: true });
  // Older parsers also part fields by semicolons.
  return query.includes(";") ? [...pairs, ...parsePairs(query, { separator: ";" })] : pairs;
}

/** Every path that a router may go by: decoded, raw, and below the mount point. */
function readings({ path, rawPath, rootPath }: Scope): readonly string[] {
  // Nearly every path has but one reading.
  if (rootPath === "" && !rawPath?.includes("%")) return [path];
  const [raw = ""] = rawPath?.includes("%") ? rawPath.split("?", 1) : [path];
  const paths = raw === path ? [path] : [path, raw];
  if (rootPath === "") return paths;
  return [...paths, ...paths.map((one) => belowRoot(one, rootPath))];
}

function belowRoot(path: string, rootPath: string): string {
  return (path.startsWith(rootPath) ? path.slice(rootPath.length) : path) || "/";
}

function isTelling(text: string, below: string | null): boolean {
  return OURS.test(text) || (below !== null && text.toLowerCase().includes(below));
}
