/**
 * What becomes of an order that the service, or something before it, did not carry out.
 *
 * By the code of the refusal and not by its status: only the service itself knows that a session
 * is over or was never there; everything else may be otherwise a moment later.
 */

import {
  AlreadyExists,
  InvalidInput,
  NotFound,
  SessionOver,
  TokenInvalid,
  type UnderstudyError,
} from "./core/errors.ts";

/** So often a proxy may refuse a batch before its size or its words are held to be the cause. */
export const PROXY_TRIES = 3;
const KEPT_STATUSES: readonly number[] = [401, 404, 407, 408, 409, 425, 429];

/** What to do with an order. */
export type Verdict = "finished" | "keep" | "split";

/** What `error` means for an order that was sent `tries` times. */
export function verdictOn(error: UnderstudyError, tries: number): Verdict {
  const isFinal =
    error instanceof SessionOver || error instanceof TokenInvalid || error instanceof NotFound;
  if (isFinal) return "finished";
  if (error instanceof InvalidInput && !(error instanceof AlreadyExists)) return "split";
  const { status } = error.facts;
  if (status === 413) return "split";
  return isByProxy(status) && tries >= PROXY_TRIES ? "split" : "keep";
}

function isByProxy(status: unknown): boolean {
  if (typeof status !== "number" || KEPT_STATUSES.includes(status)) return false;
  return status >= 400 && status < 500;
}
