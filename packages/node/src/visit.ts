/** A request and an answer, free of any framework: what the SDK's own pages see and give. */

import { STATUS_CODES } from "node:http";
import { MalformedRequest } from "./core/errors.ts";
import { parsePairs } from "./core/escapes.ts";

const MAX_QUERY = 4096;
const MAX_FIELDS = 50;
/** Pairs of a name in lower case and a value; each character stands for one byte. */
export type Headers = readonly (readonly [string, string])[];
// nginx hears the second also where it was told to hear nothing of the first.
const UNKEPT: Headers = [
  ["cache-control", "no-store"],
  ["x-accel-expires", "0"],
];
const WITHOUT_BODY: readonly number[] = [204, 304];

export interface VisitFacts {
  readonly method: string;
  readonly origin: string;
  readonly base: string;
  readonly query?: string;
  readonly headers?: Headers;
  readonly address?: string | null;
  readonly atSessionOrigin?: boolean;
  readonly request?: unknown;
}

/**
 * A request to the SDK itself. Header names are in lower case; `base` is the mount path.
 *
 * `origin` is the app's own, as this request reached it: scheme and host; `address` is where it
 * came from. `atSessionOrigin` says that the origin is that of one session. `request` is the
 * framework's own, as the app's callables get it.
 */
export class Visit {
  readonly method: string;
  readonly origin: string;
  readonly base: string;
  readonly query: string;
  readonly headers: Headers;
  readonly address: string | null;
  readonly atSessionOrigin: boolean;
  readonly request: unknown;

  constructor(facts: VisitFacts) {
    this.method = facts.method;
    this.origin = facts.origin;
    this.base = facts.base;
    this.query = facts.query ?? "";
    this.headers = facts.headers ?? [];
    this.address = facts.address ?? null;
    this.atSessionOrigin = facts.atSessionOrigin ?? false;
    this.request = facts.request ?? null;
  }

  /** The first header `name`. */
  header(name: string): string | null {
    return this.headers.find(([key]) => key === name)?.[1] ?? null;
  }

  /** All Cookie headers as one (RFC 9113, section 8.2.3). */
  get cookie(): string {
    const cookies = this.headers.filter(([key]) => key === "cookie");
    return cookies.map(([, value]) => value).join("; ");
  }

  /**
   * The query's parameters.
   *
   * @throws {MalformedRequest} too long, too many, or one twice (RFC 6749, section 3.1).
   */
  parameters(): ReadonlyMap<string, string> {
    if (this.query.length > MAX_QUERY) throw new MalformedRequest("The address is too long.");
    if (this.query.split("&").length > MAX_FIELDS) {
      throw new MalformedRequest("The address has too many parameters.");
    }
    const pairs = parsePairs(this.query, { keepBlankValues: true });
    const found = new Map(pairs);
    if (found.size !== pairs.length) throw new MalformedRequest("A parameter is there twice.");
    return found;
  }

  /** The same visit, as it was at another `origin`: that of one session. */
  atSession(origin: string): Visit {
    return new Visit({ ...this, origin, atSessionOrigin: true });
  }
}

export interface AnswerFacts {
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: Uint8Array;
}

/** A whole response. `no-store` unless `headers` say otherwise. */
export class Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;

  constructor({ status = 200, headers = [], body = new Uint8Array() }: AnswerFacts = {}) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The same answer with `more` headers. */
  withHeaders(...more: Headers): Answer {
    return new Answer({ ...this, headers: [...this.headers, ...more] });
  }

  /** Its headers with those that every answer has. */
  allHeaders(): Headers {
    const names = new Set(this.headers.map(([name]) => name));
    const defaults: Headers = [
      ...(names.has("cache-control") ? [] : UNKEPT),
      ...missing(names, ["x-content-type-options", "nosniff"]),
      ...missing(names, ["referrer-policy", "no-referrer"]),
    ];
    // Of an answer that has no body by its status a length would be waited for.
    const length: Headers = WITHOUT_BODY.includes(this.status)
      ? []
      : [["content-length", String(this.body.length)]];
    return [...this.headers, ...defaults, ...length];
  }
}

/** A redirect after which the browser GETs `location` (RFC 9700, section 4.12: never 307). */
export function seeOther(location: string, ...cookies: string[]): Answer {
  const set = cookies.map((cookie) => ["set-cookie", cookie] as const);
  return new Answer({ status: 303, headers: [["location", location], ...set] });
}

/** `body` as JSON. */
export function jsonAnswer(body: Readonly<Record<string, unknown>>, status = 200): Answer {
  const headers: Headers = [["content-type", "application/json"]];
  return new Answer({ status, headers, body: encoded(body) });
}

/** An error for programs (RFC 9457); `code` is stable. */
export function problem(
  status: number,
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  const told = Object.entries(more).filter(([, value]) => value !== null && value !== undefined);
  const title = STATUS_CODES[status] ?? "";
  const body = { type: "about:blank", title, status, detail, code, ...Object.fromEntries(told) };
  const headers: Headers = [
    ["content-type", "application/problem+json"],
    // RFC 9110, section 15.5.2 wants a challenge; browsers ignore schemes they do not know.
    ...(status === 401 ? ([["www-authenticate", "Understudy"]] as const) : []),
  ];
  return new Answer({ status, headers, body: encoded(body) });
}

/**
 * True when a person will see the answer as a page of its own.
 *
 * `headers` are in lower case. Fetch metadata decides where there is any; else what is accepted.
 */
export function wantsPage(headers: ReadonlyMap<string, string>): boolean {
  const by = headers.get("x-requested-with") ?? "";
  if (headers.has("hx-request") || by.toLowerCase() === "xmlhttprequest") return false;
  const destination = headers.get("sec-fetch-dest");
  if (destination !== undefined) return ["document", "iframe", "frame"].includes(destination);
  return (headers.get("accept") ?? "").includes("text/html");
}

function missing(names: ReadonlySet<string>, header: readonly [string, string]): Headers {
  return names.has(header[0]) ? [] : [header];
}

function encoded(body: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(body));
}
