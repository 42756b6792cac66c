/** Under whose session something was asked for, by the request that the app still has in hand. */

import { type Impersonation, presentRequest } from "./context.ts";
import { onePerProcess } from "./onePerProcess.ts";

/** What is known of a request in a session; `isOver` can tell that the session is over. */
export interface Pinned {
  readonly impersonation: Impersonation;
  readonly isOver: () => boolean;
}

// Beside the requests and not in them: a member of theirs may as well be what a browser has sent.
const PINNED = onePerProcess("pinned", () => new WeakMap<object, Pinned>());
/** Under which names frameworks keep the request that theirs stands for. */
const CARRIERS = ["raw", "req", "request"] as const;
const NESTED = 3;

/** Remember whose session `request` belongs to, for as long as somebody has it; for adapters. */
export function pin(request: object, pinned: Pinned): void {
  PINNED.set(request, pinned);
}

/**
 * The session that `request` came in, also once it is over; null for a user's own request.
 *
 * For code that a queue runs, and that has no other way to know: `request` is Node's own, or one of
 * Express, Fastify, Hono or Next, or a context that has one. That the session still goes on is not
 * said.
 *
 * @throws {TypeError} it is no request at all.
 */
export function impersonationOf(request: unknown): Impersonation | null {
  if (!isObject(request)) throw new TypeError(`A ${typeof request} is no request.`);
  return foundIn(request);
}

/** The session that `value` came in, if it is a request at all. */
export function foundIn(value: unknown): Impersonation | null {
  const found = pinnedOf(value)?.impersonation ?? null;
  const present = presentRequest();
  if (found !== null && present?.impersonation === found) present.asked = true;
  return found;
}

/** What is known of the request that `value` is, or stands for. */
export function pinnedOf(value: unknown, nested: number = NESTED): Pinned | null {
  if (!isObject(value)) return null;
  const found = PINNED.get(value);
  if (found !== undefined || nested === 0) return found ?? null;
  for (const name of CARRIERS) {
    const carried = carriedBy(value, name);
    const inner = carried === undefined ? null : pinnedOf(carried, nested - 1);
    if (inner !== null) return inner;
  }
  return null;
}

function carriedBy(value: object, name: string): unknown {
  // Some frameworks have it on a prototype, by a getter that does no more than to give it.
  return name in value ? Reflect.get(value, name) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
