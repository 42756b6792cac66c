/** A change that the session may not make, unless somebody has allowed exactly this one. */

import type { Held } from "../cache.ts";
import { UnderstudyError } from "../core/errors.ts";
import type { Write } from "../core/unlocks.ts";
import { Refuse, UNAVAILABLE } from "../guard.ts";
import type { Runtime } from "../runtime.ts";
import { MOST_BYTES, writeOf } from "../unlock/canonical.ts";
import { Unbound } from "../unlock/unbound.ts";
import type { Spent } from "../unlock/values.ts";
import { packed } from "../unlock/wire.ts";
import type { Request } from "./request.ts";
import { ASK_SECONDS, keepingBody, type Steps, waiting } from "./steps.ts";

/** The only refusal that somebody can lift: what is blocked by name stays so. */
export const READ_ONLY = "read_only";
// In a path as it came: what decodes to a mark that parts paths, or to another escape. Whoever
// decides sees it decoded, and the app's router may not.
const HIDES = /%(?:2[35f]|3[bf]|5c|00)/i;

/** Whether `refuse` is one that a single change can be excepted from. */
export function canBeUnlocked({ code, held }: Refuse, { asked, headers }: Request): boolean {
  return (
    code === READ_ONLY &&
    held !== null &&
    held.session.restrictions.unlocks &&
    !asked.socket &&
    // Of a request that may be taken for several methods nobody knows what they allow; whether a
    // form names one is seen when it is read.
    !asked.overridden &&
    !headers.has("content-encoding")
  );
}

/**
 * The session if this very change was allowed, which is spent; else `refuse`, with what to ask for.
 *
 * What was allowed is spent before it is done: never is it done twice.
 */
export function* unlocked(
  runtime: Runtime,
  request: Request,
  refuse: Refuse,
): Steps<Held | Refuse> {
  const { held, status, code, label } = refuse;
  const write = writeIn(request, yield* keepingBody(MOST_BYTES));
  if (held === null || write === null) return refuse;
  const admitted = runtime.guard.letIn(held);
  if (admitted instanceof Refuse) return admitted;
  const spent = yield* spending(runtime, held, write);
  // Whether it was spent is not known: then it is not done, and has to be asked for anew.
  if (spent === null) return new Refuse(UNAVAILABLE.status, UNAVAILABLE.code, { held });
  if (spent.spent) return admitted;
  return new Refuse(status, code, { label, held, offer: packed(write), differs: spent.differs });
}

function* spending(runtime: Runtime, held: Held, write: Write): Steps<Spent | null> {
  const settled = yield* waiting(runtime.spend(held, write), ASK_SECONDS);
  if (settled === null) return null;
  if (!("error" in settled)) return settled.value;
  if (settled.error instanceof UnderstudyError) return null;
  throw settled.error;
}

function writeIn(request: Request, body: Uint8Array | null): Write | null {
  const { asked, method, host, path, base, query, headers } = request;
  if (body === null || asked.paths.some((one) => HIDES.test(one))) return null;
  try {
    return writeOf({
      method,
      host,
      path: path.startsWith(base) ? path : base + path,
      query,
      contentType: headers.get("content-type") ?? "",
      body,
      ifMatch: headers.get("if-match") ?? null,
    });
  } catch (error) {
    if (error instanceof Unbound) return null;
    throw error;
  }
}
