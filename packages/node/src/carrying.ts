/** Takes a request's context to where Node does not: pools, queues, callbacks of others. */

import { AsyncLocalStorage } from "node:async_hooks";
import { impersonationOf, pinnedOf } from "./askedBy.ts";
import { currentAttribution } from "./attribution.ts";
import { entered, OwnRequest, Present } from "./context.ts";
import { ForbiddenWhileImpersonating, SessionOver } from "./core/errors.ts";

/**
 * `work` under the present request, wherever it is called: by a pool, an emitter, a queue.
 *
 *     pool.run(carried(() => report(order)));
 *
 * As everywhere, it is nobody's once the request is over.
 */
export function carried<A extends unknown[], R>(work: (...given: A) => R): (...given: A) => R {
  const inContext = AsyncLocalStorage.snapshot();
  return (...given) => inContext(work, ...given);
}

/**
 * What `work` gives, as what `request` is that has put it into a queue: its session's, or a user's
 * own.
 *
 * `request` is whatever `impersonationOf` takes. Within `work` the session is the present one,
 * although the request itself may be over: the app says that this is still its work.
 *
 * @throws {SessionOver} the session has ended meanwhile, and so has what was asked for in it.
 * @throws {TypeError} it is no request.
 */
export function onBehalfOf<T>(request: unknown, work: () => T): T {
  const impersonation = impersonationOf(request);
  if (impersonation === null) return entered(new OwnRequest(), work);
  // What cannot tell is taken for over: nobody works as somebody for longer than allowed.
  if (pinnedOf(request)?.isOver() ?? true) throw new SessionOver();
  return entered(new Present(impersonation), work);
}

/**
 * What `work` gives, as the app's own work in the background: nobody asked for it, so that nobody is
 * kept out of it.
 *
 * @throws {ForbiddenWhileImpersonating} in an impersonated request, and in a job that one has caused,
 *   where somebody did.
 */
export function asTheApp<T>(work: () => T): T {
  if (currentAttribution() !== null) throw new ForbiddenWhileImpersonating();
  return entered(new OwnRequest(), work);
}
