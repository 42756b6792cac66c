/**
 * Express 5 and 4: `app.use(understudyExpress(understudy, { loadUser }))`, before anything else.
 *
 * In a session `req.user` is whom `loadUser` gave, whatever the app's own sign-in finds.
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { SetupError } from "./core/errors.ts";
import { type Arrival, arrivalOf } from "./http/arrival.ts";
import { type GuardOptions, HttpGuard } from "./http/guard.ts";
import { guardUpgrades } from "./http/upgrades.ts";
import { pinUser } from "./http/user.ts";
import type { Passage } from "./passage/passage.ts";
import type { Understudy } from "./understudy.ts";

/** What is looked at of Express's request. */
export interface ExpressRequest extends IncomingMessage {
  readonly baseUrl: string;
  readonly protocol: string;
  originalUrl: string;
  readonly ip?: string | undefined;
  readonly route?: { readonly path?: unknown } | undefined;
  query?: unknown;
}

type Next = (error?: unknown) => void;

/** Express's middleware; `guardUpgrades` holds the WebSockets of `server` to their sessions. */
export interface ExpressUnderstudy {
  (request: IncomingMessage, response: ServerResponse, next: Next): void;
  guardUpgrades(server: Server): void;
}

/** What has looked at the request already where one of these stands in it. */
const READ_BEFORE = ["cookies", "signedCookies", "session", "user"];

/**
 * The middleware. It stands before all others: what reads a cookie before it reads the agent's.
 *
 * @throws {SetupError} an option is unknown or malformed, or contradicts another one.
 */
export function understudyExpress<R extends IncomingMessage = ExpressRequest>(
  understudy: Understudy,
  options: GuardOptions<R> = {},
): ExpressUnderstudy {
  const guard = new HttpGuard(understudy, options);
  const upgrades = (server: Server): void => guardUpgrades(server, guard);
  const middleware = (request: IncomingMessage, response: ServerResponse, next: Next): void => {
    // Whoever listens for WebSockets at this server is behind us from the first request on.
    const { server } = request.socket as typeof request.socket & { readonly server?: Server };
    if (server !== undefined) upgrades(server);
    const arrival = arrivalAt(request as ExpressRequest, response, guard);
    const given = guard.handle(arrival, () => next());
    if (given instanceof Promise) given.catch(next);
  };
  return Object.assign(middleware, { guardUpgrades: upgrades });
}

function arrivalAt(request: ExpressRequest, response: ServerResponse, guard: HttpGuard): Arrival {
  return {
    ...arrivalOf(request, response),
    target: request.originalUrl,
    base: request.baseUrl,
    scheme: request.protocol,
    address: request.ip ?? request.socket.remoteAddress ?? null,
    retarget: (target) => retarget(request, target),
    overlay: (passage) => overlay(request, passage, guard),
    seen: () => Reflect.get(request, "user"),
    route: () => routeOf(request),
  };
}

function retarget(request: ExpressRequest, target: string): void {
  const { baseUrl } = request;
  request.originalUrl = target;
  request.url = target.startsWith(baseUrl) ? target.slice(baseUrl.length) || "/" : target;
  if (!request.url.startsWith("/")) request.url = `/${request.url}`;
  // Express 4 has read it before any middleware.
  if (Object.hasOwn(request, "query")) {
    request.query = Object.fromEntries(new URL(target, "http://localhost").searchParams);
  }
}

function overlay(request: ExpressRequest, passage: Passage, guard: HttpGuard): void {
  const before = READ_BEFORE.filter((name) => Reflect.get(request, name) !== undefined);
  if (before.length > 0) {
    throw new SetupError(
      `Something has set req.${before.join(", req.")} before Understudy, by the agent's own ` +
        "cookies: app.use(understudyExpress(…)) comes before all other middleware.",
    );
  }
  const { scheme } = passage.crossing;
  if (scheme !== null) Object.defineProperty(request, "protocol", { value: scheme });
  if (guard.loads) pinUser(request, passage.present);
}

function routeOf({ route, baseUrl }: ExpressRequest): string | null {
  return typeof route?.path === "string" ? (baseUrl ?? "") + route.path : null;
}
