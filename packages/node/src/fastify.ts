/**
 * Fastify: a guard under the whole server, and a plugin that shows the app whom it serves.
 *
 *     const guard = understudyFastify(understudy, { loadUser });
 *     const app = Fastify({ serverFactory: guard.serverFactory });
 *     app.register(guard.plugin);
 *
 * Not by hooks: plugins that were registered before would read the agent's cookies, and an answer
 * that is hijacked or written to `reply.raw` goes out past `onSend`.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import { pinnedOf } from "./askedBy.ts";
import { Present, presentRequest } from "./context.ts";
import { SetupError } from "./core/errors.ts";
import { arrivalOf } from "./http/arrival.ts";
import { type GuardOptions, HttpGuard } from "./http/guard.ts";
import { guardUpgrades } from "./http/upgrades.ts";
import { pinUser } from "./http/user.ts";
import type { Understudy } from "./understudy.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What is looked at of Fastify's options. */
export interface FastifyServerOptions {
  readonly http2?: boolean;
  readonly http?: object | null;
  readonly https?: object | null;
}

/** What is looked at of Fastify's request. */
export interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly routeOptions?: { readonly url?: string | undefined };
}

type Done = (error?: Error) => void;

/** What is called of Fastify itself. */
export interface FastifyApp {
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequest, reply: unknown, done: Done) => void,
  ): unknown;
}

/** The guard of one app on Fastify. */
export interface FastifyUnderstudy {
  /** For `Fastify({ serverFactory })`; every server that Fastify listens by is made so. */
  serverFactory(handler: Handler, options?: FastifyServerOptions): Server;
  /** Puts the subject's user into `request.user`, and refuses what came past the guard. */
  plugin(app: FastifyApp, options: unknown, done: Done): void;
}

/**
 * The guard for an app on Fastify.
 *
 * @throws {SetupError} an option is unknown or malformed, or contradicts another one.
 */
export function understudyFastify(
  understudy: Understudy,
  options: GuardOptions<IncomingMessage> = {},
): FastifyUnderstudy {
  const guard = new HttpGuard(understudy, options);
  const routes = new WeakMap<IncomingMessage, string>();
  const serverFactory = (handler: Handler, asked: FastifyServerOptions = {}): Server => {
    const server = serverOf(asked, (request, response) => {
      const route = (): string | null => routes.get(request) ?? null;
      const arrival = { ...arrivalOf(request, response), route };
      return guard.handle(arrival, () => handler(request, response));
    });
    guardUpgrades(server, guard);
    return server;
  };
  const plugin = (app: FastifyApp, _: unknown, done: Done): void => {
    app.addHook("onRequest", (request, _reply, goOn) => {
      goOn(shown(request, guard, routes));
    });
    done();
  };
  // Its hook is the whole app's, and not that of what is registered within the plugin.
  return { serverFactory, plugin: Object.assign(plugin, { [Symbol.for("skip-override")]: true }) };
}

function serverOf(options: FastifyServerOptions, listener: Handler): Server {
  if (options.http2) throw new SetupError("Understudy guards HTTP/1.1: leave http2 out.");
  return options.https
    ? createSecureServer(options.https as ServerOptions, listener)
    : createServer(options.http ?? {}, listener);
}

function shown(
  request: FastifyRequest,
  guard: HttpGuard,
  routes: WeakMap<IncomingMessage, string>,
): Error | undefined {
  const { raw, routeOptions } = request;
  if (routeOptions?.url !== undefined) routes.set(raw, routeOptions.url);
  // A server that somebody else has made, and `app.routing`, come past the guard.
  if (!guard.has(raw) && /understudy/i.test(raw.rawHeaders?.join() ?? "")) {
    return new SetupError("Fastify({ serverFactory }) lacks that of understudyFastify().");
  }
  const present = presentRequest();
  const isInSession = present instanceof Present && pinnedOf(raw) !== null;
  if (isInSession && guard.loads) pinUser(request, present);
  return undefined;
}
