/**
 * Next on a server of one's own, which alone sees everything: pages, route handlers, server actions,
 * middleware, images and static files.
 *
 *     const app = next({ dev });
 *     await app.prepare();
 *     understudyNext(understudy, { loadUser }).createServer(app.getRequestHandler()).listen(3000);
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { GuardOptions } from "./http/guard.ts";
import { understudyHttp } from "./http.ts";
import type { Understudy } from "./understudy.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The guard of one app on Next. */
export interface NextUnderstudy {
  /** A server whose every request, and every WebSocket, comes by the guard. */
  createServer(handler: Handler): Server;
}

/**
 * The guard for an app on Next's Node runtime; `serverExternalPackages` of its settings names
 * `@understudy/node`, so that pages ask the very copy that the server has.
 *
 * @throws {SetupError} an option is unknown or malformed, or contradicts another one.
 */
export function understudyNext(
  understudy: Understudy,
  options: GuardOptions<IncomingMessage> = {},
): NextUnderstudy {
  const guard = understudyHttp(understudy, options);
  return {
    createServer: (handler) => {
      const server = createServer(guard.guarded(handler));
      guard.guardUpgrades(server);
      return server;
    },
  };
}
