/**
 * Hono on `@hono/node-server`: a guard under the whole server, and a middleware that shows the app
 * whom it serves.
 *
 *     const guard = understudyHono(understudy, { loadUser });
 *     app.use(guard.middleware);
 *     serve({ fetch: app.fetch, createServer: guard.createServer });
 *
 * Not by the middleware alone: Hono loses a cookie that is set before `next()` where a plain
 * Response comes back, and what is written to `c.env.outgoing` goes past it.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pinnedOf } from "./askedBy.ts";
import { Present, presentRequest } from "./context.ts";
import { SetupError } from "./core/errors.ts";
import { arrivalOf } from "./http/arrival.ts";
import { type GuardOptions, HttpGuard } from "./http/guard.ts";
import { guardUpgrades } from "./http/upgrades.ts";
import type { Understudy } from "./understudy.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What is looked at of Hono's context. */
export interface HonoContext {
  readonly env: unknown;
  readonly req: { readonly matchedRoutes?: readonly { readonly path: string }[] };
  set(name: string, value: unknown): void;
}

/** The guard of one app on Hono. */
export interface HonoUnderstudy {
  /** For `serve({ createServer })`. */
  createServer(options: object, handler: Handler): Server;
  /** Puts the subject's user into `c.get("user")`, and refuses what came past the guard. */
  middleware(context: HonoContext, next: () => Promise<void>): Promise<void>;
}

/**
 * The guard for an app on Hono.
 *
 * @throws {SetupError} an option is unknown or malformed, or contradicts another one.
 */
export function understudyHono(
  understudy: Understudy,
  options: GuardOptions<IncomingMessage> = {},
): HonoUnderstudy {
  const guard = new HttpGuard(understudy, options);
  const routes = new WeakMap<IncomingMessage, string>();
  return {
    createServer: (asked, handler) => {
      const server = createServer(asked, (request, response) => {
        const route = (): string | null => routes.get(request) ?? null;
        const arrival = { ...arrivalOf(request, response), route };
        return guard.handle(arrival, () => handler(request, response));
      });
      guardUpgrades(server, guard);
      return server;
    },
    middleware: async (context, next) => {
      const request = requestOf(context);
      if (!guard.has(request)) {
        throw new SetupError("serve({ createServer }) lacks that of understudyHono().");
      }
      const present = presentRequest();
      const isInSession = present instanceof Present && pinnedOf(request) !== null;
      if (isInSession && guard.loads) context.set("user", present.impersonation.user);
      await next();
      const found = context.req.matchedRoutes?.findLast(({ path }) => !path.endsWith("*"));
      if (found !== undefined) routes.set(request, found.path);
    },
  };
}

function requestOf({ env }: HonoContext): IncomingMessage {
  const incoming = typeof env === "object" && env !== null ? Reflect.get(env, "incoming") : null;
  if (incoming !== null && typeof incoming === "object") return incoming as IncomingMessage;
  throw new SetupError("understudyHono() guards Hono on @hono/node-server, and nowhere else.");
}
