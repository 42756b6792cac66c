/** A request and its response as they arrive at an adapter. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { unquote } from "../core/escapes.ts";
import type { Passage } from "../passage/passage.ts";
import { READ } from "../passage/request.ts";
import { ownOrigin } from "../reading.ts";
import type { Scope } from "../scope.ts";
import { type Headers, Visit } from "../visit.ts";
import { headersOf, schemeOf, targetOf } from "./incoming.ts";

const ALL_OF = ["content-type", "if-match"];

/** What the guard goes by, and how what it decides is told to the app. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The whole target, as the browser asked for it. */
  readonly target: string;
  /** The path that the app is mounted at. */
  readonly base: string;
  readonly scheme: string;
  /** Where the request came from, by the server's word alone. */
  readonly address: string | null;
  /** The framework's own request, as the app's callables get it. */
  readonly told: unknown;
  /** Let the app, and whoever writes an access log, see another target. */
  readonly retarget: (target: string) => void;
  /** Put before the app whom it serves. */
  readonly overlay: (passage: Passage) => void;
  /** The user on whom the app has settled by itself. */
  readonly seen: () => unknown;
  /** The pattern by which the framework found the view. */
  readonly route: () => string | null;
}

/** The arrival of a request at a server of node:http, without any framework. */
export function arrivalOf(request: IncomingMessage, response: ServerResponse): Arrival {
  return {
    request,
    response,
    target: request.url ?? "/",
    base: "",
    scheme: schemeOf(request),
    address: request.socket.remoteAddress ?? null,
    told: request,
    retarget: (target) => {
      request.url = target;
    },
    overlay: () => undefined,
    seen: () => null,
    route: () => null,
  };
}

/** The request in the words that the SDK reads under every framework. */
export function scopeOf(arrival: Arrival, type: Scope["type"] = "http"): Scope {
  const { path, query } = targetOf(arrival.target);
  return {
    type,
    method: arrival.request.method ?? "GET",
    path: unquote(path),
    rawPath: path,
    rootPath: arrival.base,
    queryString: query,
    headers: headersOf(arrival.request).map(([name, value]) => [name.toLowerCase(), value]),
    scheme: arrival.scheme,
    client: arrival.address,
  };
}

/**
 * The headers that a passage reads by name; of several, the last, but all of those by which the body
 * is read, or what is meant: which of several an app goes by is not known here.
 */
export function headerTexts({ headers }: Scope): ReadonlyMap<string, string> {
  const told = new Map(headers.filter(([name]) => READ.has(name)));
  for (const name of ALL_OF) {
    if (told.has(name)) told.set(name, allOf(headers, name).join(", "));
  }
  return told;
}

function allOf(headers: Headers, name: string): readonly string[] {
  return headers.filter(([one]) => one === name).map(([, value]) => value);
}

/** A request to the SDK's own pages. */
export function visitOf(scope: Scope, request: unknown): Visit {
  return new Visit({
    method: scope.method,
    origin: ownOrigin(scope),
    base: scope.rootPath,
    query: scope.queryString,
    headers: scope.headers,
    address: scope.client,
    request,
  });
}

/** Path and query of `scope`, in the letters in which they came. */
export function targetIn({ rawPath, queryString }: Scope): string {
  const path = rawPath ?? "/";
  return queryString === "" ? path : `${path}?${queryString}`;
}
