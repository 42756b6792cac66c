/**
 * GraphQL endpoints, where what only reads is told by the document and not by the method.
 *
 * A request passes where the operation that it asks for is a `query` (GraphQL October 2021, section
 * 2.3); mutations, subscriptions, and whatever is not certain stay blocked.
 */

import { createHash } from "node:crypto";
import { SetupError } from "./core/errors.ts";
import { parsePairs } from "./core/escapes.ts";
import { Rulebook } from "./core/restrictions.ts";
import { DeclaredReads } from "./declaredReads.ts";
import type { Asked } from "./guard.ts";
import { hasKeyTwice } from "./jsonKeys.ts";

/** Where an app has GraphQL. */
export interface GraphQLEndpoints {
  /** Their paths, such as `/graphql`. */
  readonly paths: Iterable<string>;
  /** That of the app's own `graphql`: what it takes for a query, the app's server does as well. */
  readonly parse: (text: string, options: ParseOptions) => unknown;
}

/** What `parse` is asked to do. */
interface ParseOptions {
  readonly noLocation: boolean;
  readonly maxTokens: number;
}

type Kinds = readonly (readonly [name: string | null, kind: string])[];
type Members = Readonly<Record<string, unknown>>;

const ANY_METHOD = "*";
const QUERY = "query";
const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=(?:"utf-8"|utf-8))?[ \t]*$/i;
const MEMBERS: ReadonlySet<string> = new Set(["query", "operationName", "variables", "extensions"]);
// By what servers let somebody name a document that only they know.
const NAMING: ReadonlySet<string> = new Set([
  ...MEMBERS,
  ...["id", "queryId", "documentId", "doc_id", "hash", "key"],
]);
const EXTENSIONS: ReadonlySet<string> = new Set(["persistedQuery", "clientLibrary"]);
const PERSISTED: ReadonlySet<string> = new Set(["version", "sha256Hash"]);
const MOST_AT_ONCE = 20;
const MOST_TOKENS = 10_000;
const REMEMBERED = 1_024;
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The endpoints of an app. A persisted query passes once its text was seen, and found to be one. */
export class GraphQLReads {
  readonly #exactly: DeclaredReads;
  readonly #anyhow: Rulebook;
  readonly #parse: GraphQLEndpoints["parse"];
  readonly #known = new Set<string>();

  /** @throws {SetupError} a path is none, or there is nothing by which documents are read. */
  constructor({ paths, parse }: GraphQLEndpoints) {
    if (typeof parse !== "function") {
      throw new SetupError("graphql takes { paths, parse }, where parse is that of your graphql.");
    }
    const given = [...paths];
    this.#exactly = new DeclaredReads(typeof paths === "string" ? paths : given);
    this.#anyhow = new Rulebook(
      given.map((pattern) => ({ method: ANY_METHOD, pattern, label: pattern })),
    );
    this.#parse = parse;
  }

  /** Whether some layer may take this for one of the endpoints. */
  serve({ methods, paths }: Asked): boolean {
    return this.#anyhow.blocked(methods, paths) !== null;
  }

  /** Whether this is a POST to one of them and nothing else, so that its body tells. */
  mayRead({ methods, paths, overridden, socket }: Asked): boolean {
    const isPost = methods.every((method) => method === "POST") && !overridden && !socket;
    return isPost && this.#exactly.cover(["POST"], paths);
  }

  /** Whether a POST asks for nothing but what only reads. Of a batch each has to. */
  readByBody(contentType: string, query: string, body: Uint8Array): boolean {
    // Some servers look into the address first.
    if (!JSON_TYPE.test(contentType) || namedIn(query).length > 0) return false;
    const given = readBytes(body);
    if (given === undefined) return false;
    const many: readonly unknown[] = Array.isArray(given) ? given : [given];
    const isFew = many.length > 0 && many.length <= MOST_AT_ONCE;
    return isFew && many.every((one) => this.#onlyQueries(one));
  }

  /** Whether a GET asks for nothing but what only reads, or asks nothing at all. */
  readByAddress(query: string): boolean {
    const named = namedIn(query);
    if (named.length === 0) return true;
    const told = new Map<string, unknown>(named);
    if (told.size !== named.length) return false;
    for (const name of ["variables", "extensions"]) {
      const text = told.get(name);
      if (text === undefined) continue;
      const value = readText(String(text));
      if (value === undefined) return false;
      told.set(name, value);
    }
    return this.#onlyQueries(Object.fromEntries(told));
  }

  #onlyQueries(given: unknown): boolean {
    if (!isObject(given) || !areIn(given, MEMBERS)) return false;
    const { query: text = null, operationName = null, extensions = null } = given;
    const named = persisted(extensions);
    if (named === null || (text !== null && typeof text !== "string")) return false;
    if (!text) return this.#known.has(named);
    if (named !== "" && named !== createHash("sha256").update(text).digest("hex")) return false;
    const kinds = this.#operations(text);
    if (named !== "" && kinds.length > 0 && kinds.every(([, kind]) => kind === QUERY)) {
      this.#remember(named);
    }
    return chosen(kinds, operationName) === QUERY;
  }

  #remember(named: string): void {
    this.#known.add(named);
    const [oldest] = this.#known;
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Name and kind of each operation in a document; none where it cannot be read. */
  #operations(text: string): Kinds {
    try {
      const document = this.#parse(text, { noLocation: true, maxTokens: MOST_TOKENS });
      return operationsIn(document);
    } catch {
      // No GraphQL, too deep, or whatever else the app's own parser has against it.
      return [];
    }
  }
}

function operationsIn(document: unknown): Kinds {
  const { definitions } = document as { definitions: readonly Members[] };
  return definitions
    .filter(({ kind }) => kind === "OperationDefinition")
    .map(({ name, operation }) => {
      const value = isObject(name) ? name.value : null;
      return [typeof value === "string" ? value : null, String(operation)];
    });
}

/** The kind of the operation that is asked for; null where that is not certain. */
function chosen(kinds: Kinds, name: unknown): string | null {
  // An empty name is none to some servers, and one that does not exist to others.
  const found = name === null || name === "" ? kinds : kinds.filter(([one]) => one === name);
  return found.length === 1 ? (found[0]?.[1] ?? null) : null;
}

/** The hash that is named, empty where none is; null where it is not certain what is. */
function persisted(extensions: unknown): string | null {
  if (extensions === null) return "";
  if (!isObject(extensions) || !areIn(extensions, EXTENSIONS)) return null;
  const named = extensions.persistedQuery ?? null;
  if (named === null) return "";
  if (!isObject(named) || !areIn(named, PERSISTED)) return null;
  const { sha256Hash } = named;
  return typeof sha256Hash === "string" && sha256Hash !== "" ? sha256Hash : null;
}

function namedIn(query: string): [string, string][] {
  const pairs = parsePairs(query, { keepBlankValues: true });
  // Some readers make lists and objects of names with brackets.
  return pairs.filter(([name]) => NAMING.has(name.split("[", 1)[0] ?? ""));
}

function readBytes(body: Uint8Array): unknown {
  try {
    return readText(UTF_8.decode(body));
  } catch {
    return undefined;
  }
}

/** What JSON says; undefined where it is none, or not read alike by everybody. */
function readText(text: string): unknown {
  try {
    const found: unknown = JSON.parse(text);
    return hasKeyTwice(text) ? undefined : found;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areIn(members: Members, known: ReadonlySet<string>): boolean {
  return Object.keys(members).every((name) => known.has(name));
}
