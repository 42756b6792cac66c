/** Keeps actors out of what only the user themself may do, also where nobody knows who asks. */

import { foundIn } from "./askedBy.ts";
import { currentAttribution } from "./attribution.ts";
import { AT_WORK } from "./atWork.ts";
import { presentRequest } from "./context.ts";
import { ForbiddenWhileImpersonating } from "./core/errors.ts";
import { warn } from "./logging.ts";

/**
 * Do nothing, unless the present request is impersonated, or may be.
 *
 * `given` is looked through for a request: what a queue calls often gets one.
 *
 * @throws {ForbiddenWhileImpersonating} it is; the guard answers 403 and records it as blocked.
 */
function refuseWhileImpersonating(...given: readonly unknown[]): void {
  const present = presentRequest();
  if (present !== null && present.impersonation !== null) {
    // Noted here, since frameworks turn errors that they do not know into a plain 500. Also what a
    // request has left running is refused: it was asked for by an actor.
    present.forbidden ||= !present.over;
    throw new ForbiddenWhileImpersonating();
  }
  if (given.some((one) => foundIn(one) !== null)) throw new ForbiddenWhileImpersonating();
  // A job that a session has caused: an actor asked for it, however long ago.
  if (currentAttribution() !== null) throw new ForbiddenWhileImpersonating();
  if ((present === null || present.over) && AT_WORK.anybody()) {
    warn(
      "What is forbidden while impersonating was called outside of any known request, while " +
        "somebody is impersonated in this process: see onBehalfOf, carried and asTheApp",
      { action: "refuse_unknown" },
    );
    throw new ForbiddenWhileImpersonating();
  }
}

/** Any function, whatever it is called with. */
type Called = (...given: never[]) => unknown;

/**
 * Keep actors out of what only the user themself may do.
 *
 * Around a view, or around any function that one calls:
 *
 *     app.post("/password", forbidWhileImpersonating(changePassword));
 *
 * as a middleware of Express or Hono, and as a hook of Fastify:
 *
 *     app.use("/billing", forbidWhileImpersonating);
 *
 * and by itself, where something begins that must not:
 *
 *     forbidWhileImpersonating();
 *
 * It goes by the present request, and by a request among what the function is given. Where neither
 * is known, as in a queue, it runs only while nobody at all is impersonated in this process
 * (docs/decisions/0024-work-that-nobody-knows.md). A job that a session has caused is refused.
 *
 * @throws {ForbiddenWhileImpersonating} in an impersonated request, in what one has left running,
 *   and where it may be one. At once, also in place of an async function's promise: a rejected one
 *   that a framework does not wait for would end the process.
 */
export function forbidWhileImpersonating(): void;
export function forbidWhileImpersonating<F extends Called>(view: F): F;
export function forbidWhileImpersonating<R>(context: object, next: () => R): R;
export function forbidWhileImpersonating<R>(request: object, response: object, next: () => R): R;
export function forbidWhileImpersonating(...given: readonly unknown[]): unknown {
  const [view] = given;
  if (given.length === 1 && isCalled(view)) return guarded(view);
  refuseWhileImpersonating(...given);
  const next = given.at(-1);
  // Never with the error for an argument: there are frameworks that go on all the same.
  return isCalled(next) ? Reflect.apply(next, undefined, []) : undefined;
}

function guarded(view: Called): Called {
  function forbidden(this: unknown, ...given: never[]): unknown {
    refuseWhileImpersonating(...given);
    return Reflect.apply(view, this, given);
  }
  return Object.defineProperties(forbidden, {
    name: { value: view.name, configurable: true },
    // Frameworks tell handlers apart by how many arguments they take.
    length: { value: view.length, configurable: true },
  });
}

function isCalled(value: unknown): value is Called {
  return typeof value === "function";
}
