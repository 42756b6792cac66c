/**
 * Guards any server of node:http, whatever handles its requests.
 *
 *     createServer(understudyHttp(understudy, { loadUser }).guarded(app))
 */

import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { arrivalOf } from "./http/arrival.ts";
import { type GuardOptions, HttpGuard } from "./http/guard.ts";
import { guardUpgrades } from "./http/upgrades.ts";
import type { Understudy } from "./understudy.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The guard of one app's server. */
export interface HttpUnderstudy {
  /** `listener` behind the guard, for `createServer`. */
  guarded(listener: Listener): RequestListener;
  /** Guard the WebSockets, and whatever else is upgraded, of `server`. */
  guardUpgrades(server: Server): void;
}

/**
 * The guard for a server without a framework that is known to us.
 *
 * What it serves asks `currentImpersonation()` for whom; its `user` is what `loadUser` gave.
 *
 * @throws {SetupError} an option is unknown or malformed, or contradicts another one.
 */
export function understudyHttp(
  understudy: Understudy,
  options: GuardOptions<IncomingMessage> = {},
): HttpUnderstudy {
  const guard = new HttpGuard(understudy, options);
  return {
    guarded: (listener) => (request, response) =>
      guard.handle(arrivalOf(request, response), () => listener(request, response)),
    guardUpgrades: (server) => guardUpgrades(server, guard),
  };
}
