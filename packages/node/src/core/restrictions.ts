/**
 * What a session may not do: its scope, and the actions that are blocked while it lasts.
 *
 * A request is judged by every method it may be taken for and by every *spelling* of its path:
 * letter case, percent-encoding (twice over), doubled slashes, dot segments, trailing slashes, path
 * parameters, backslashes and control characters. Layers in front of a view disagree about these:
 * one resolves `..`, the next takes it for a name. So no single normal form is safe, and a request
 * is blocked when any of its spellings is. Routers that answer `/tokens.json` by the view of
 * `/tokens` are taken at their word, and a method that nobody has heard of is held to what is
 * blocked for any that changes something.
 */

import { strip } from "./letters.ts";
import { matcher } from "./patterns.ts";
import { remembered } from "./remembered.ts";
import { spellings } from "./spellings.ts";

export const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
/** Headers by which frameworks let a request be of another method than it was sent with. */
export const OVERRIDE_HEADERS = [
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  "x-method",
] as const;
/** Fields of a query or a form that do the same, in lower case. */
export const OVERRIDE_FIELDS = [
  "_method",
  "_httpmethod",
  "$httpmethod",
  ...OVERRIDE_HEADERS,
] as const;
/** What a form that is posted may turn out to be, once somebody reads it. */
export const OVERRIDDEN_BY_FORMS = ["PUT", "PATCH", "DELETE"] as const;
/** What a method may turn out to be that is none of these, and not safe either. */
const CHANGING = ["POST", "PUT", "PATCH", "DELETE"] as const;
const KNOWN: ReadonlySet<string> = new Set([...SAFE_METHODS, ...CHANGING]);
// Behind which routers give one view several forms: REST framework's DefaultRouter does by itself.
const FORMAT = /(?<=[^/])\.(?:api|csv|html?|json|pdf|txt|xlsx?|xml|ya?ml)$/;
const ANY_METHOD = "*";
const REMEMBERED = 256;
const RULEBOOKS = 64;

/** How far a session reaches. */
export const SCOPES = ["full", "read_only"] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * A method and a route pattern that answer 403 in every session.
 *
 * `pattern` is a path in which `{name}` stands for one segment, `{name:path}` for one or more, and
 * `/**` for any rest, including none. `method` is upper case or `*`. `label` tells people what it
 * is.
 */
export interface BlockedAction {
  readonly method: string;
  readonly pattern: string;
  readonly label: string;
}

/**
 * What one session is held to; travels to the guard with the session.
 *
 * With `unlocks` somebody else may allow a single change in it, once.
 */
export interface Restrictions {
  readonly scope: Scope;
  readonly blockedActions: readonly BlockedAction[];
  readonly unlocks: boolean;
}

/** A request that may not go on. `code` is stable; `label` names what was blocked. */
export interface Blocked {
  readonly code: string;
  readonly label: string;
}

type Rule = readonly [matches: (path: string) => boolean, action: BlockedAction];

/** Blocked actions, compiled once to be asked for each request of a session. */
export class Rulebook {
  readonly #any: readonly Rule[];
  readonly #byMethod: ReadonlyMap<string, readonly Rule[]>;
  readonly #remembered: (asked: string) => Blocked | null;

  constructor(actions: Iterable<BlockedAction>) {
    const rules = [...actions].map((action) => {
      const rule: Rule = [matcher(action.pattern), action];
      return { method: action.method.toUpperCase(), rule };
    });
    const methods = new Set(rules.map(({ method }) => method));
    methods.delete(ANY_METHOD);
    if (methods.has("GET")) methods.add("HEAD"); // frameworks answer HEAD with their GET view
    const of = (covered: (method: string) => boolean) =>
      rules.filter(({ method }) => covered(method)).map(({ rule }) => rule);
    this.#any = of((method) => method === ANY_METHOD);
    this.#byMethod = new Map(
      [...methods].map((asked) => [asked, of((method) => covers(method, asked))]),
    );
    this.#remembered = remembered(REMEMBERED, (asked) => this.#firstMatch(...unpacked(asked)));
  }

  /**
   * The first rule that covers one of `methods` on one of the spellings of one of `paths`. It is
   * remembered: rules never change, and paths come again.
   */
  blocked(methods: readonly string[], paths: readonly string[]): Blocked | null {
    if (this.#any.length === 0 && this.#byMethod.size === 0) return null;
    return this.#remembered(JSON.stringify([methods, paths]));
  }

  #firstMatch(methods: readonly string[], paths: readonly string[]): Blocked | null {
    // In one order, so that a refusal of several methods names the same action every time.
    const ordered = [...takenFor(methods)].sort();
    for (const path of paths) {
      for (const method of ordered) {
        const rules = this.#byMethod.get(method) ?? this.#any;
        const spelled = rules.length > 0 ? readings(path) : [];
        for (const [matches, action] of rules) {
          if (spelled.some(matches)) return { code: "action_blocked", label: action.label };
        }
      }
    }
    return null;
  }
}

const rulebooks = remembered(RULEBOOKS, (actions) => new Rulebook(JSON.parse(actions)));

/** The rulebook of `actions`: one for all sessions of an application, and its verdicts too. */
export function rulebook(actions: readonly BlockedAction[]): Rulebook {
  return rulebooks(
    JSON.stringify(actions.map(({ method, pattern, label }) => ({ method, pattern, label }))),
  );
}

/** Why `scope` forbids a request that may be taken for any of `methods`, or null. */
export function judgeScope(scope: Scope, methods: readonly string[]): Blocked | null {
  if (scope === "read_only" && !onlyRead(methods)) return { code: "read_only", label: "changes" };
  return null;
}

/** Every method that some layer may take the request for: its own and any override's. */
export function effectiveMethods(method: string, overrides: Iterable<string>): readonly string[] {
  const methods = new Set([method, ...overrides].map((name) => strip(name).toUpperCase()));
  methods.delete("");
  return [...methods];
}

/** True where all of `methods` are safe (RFC 9110, section 9.2.1). */
export function onlyRead(methods: readonly string[]): boolean {
  return methods.every((method) => SAFE_METHODS.has(method));
}

function readings(path: string): readonly string[] {
  const spelled = spellings(path);
  if (!/[.%]/.test(path)) return spelled;
  return [...new Set([...spelled, ...spelled.map((one) => one.replace(FORMAT, ""))])];
}

function takenFor(methods: readonly string[]): readonly string[] {
  if (methods.every((method) => KNOWN.has(method))) return methods;
  return [...new Set([...methods, ...CHANGING])];
}

function unpacked(asked: string): [readonly string[], readonly string[]] {
  return JSON.parse(asked) as [string[], string[]];
}

function covers(ruleMethod: string, method: string): boolean {
  if (ruleMethod === ANY_METHOD || ruleMethod === method) return true;
  return ruleMethod === "GET" && method === "HEAD";
}
