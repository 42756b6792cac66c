/** The service's refusals (RFC 9457) as the errors of our own tree. */

import * as errors from "./core/errors.ts";
import type { EndCause } from "./core/sessions.ts";
import { readObject } from "./fields.ts";
import { readCause } from "./wire.ts";

type Kind = typeof errors.UnderstudyError;

/** What a problem says of itself. */
interface Said {
  readonly code: string | null;
  readonly detail: string | null;
  readonly rule: string | null;
}

/**
 * The error that an answer with `status` stands for.
 *
 * Only a problem that names one of our codes is believed to come from the service itself; whatever
 * else a proxy may say in its place counts as "not reached".
 */
export function errorFrom(status: number, body: Uint8Array): errors.UnderstudyError {
  const { code, detail, rule } = said(body);
  const kind = BY_CODE.get(code ?? "");
  if (kind === undefined || status >= 500) {
    const internal = `the service answered ${status}, code ${code}`;
    return new errors.Unavailable(null, { internal, facts: { status } });
  }
  if (code === errors.Refused.code) return new errors.Refused(detail, rule ?? "refused");
  const isOver = code === errors.SessionOver.code;
  return new kind(detail, isOver ? { facts: { cause: readCause(rule) } } : {});
}

/**
 * Whether what was asked for may have been done, as the service does not say that it was not.
 *
 * A proxy says so of an answer that it has lost, and the service of what it does not know.
 */
export function mayBeDone(status: number, body: Uint8Array): boolean {
  const kind = BY_CODE.get(said(body).code ?? "");
  const saysNo = kind?.prototype instanceof errors.Unavailable || kind === errors.Unavailable;
  return status >= 500 && (!saysNo || kind === errors.OutcomeUnknown);
}

/** Why the session is over, as far as the service said. */
export function causeOf(error: errors.UnderstudyError): EndCause | null {
  const { cause } = error.facts;
  return typeof cause === "string" ? readCause(cause) : null;
}

function said(body: Uint8Array): Said {
  try {
    const problem = readObject(Buffer.from(body));
    const [code, detail, rule] = [
      problem.optionalText("code"),
      problem.optionalText("detail"),
      problem.optionalText("rule"),
    ];
    return { code, detail, rule };
  } catch (error) {
    if (error instanceof errors.Unavailable) return { code: null, detail: null, rule: null };
    throw error;
  }
}

const BY_CODE: ReadonlyMap<string, Kind> = new Map(
  Object.values(errors)
    .filter((kind): kind is Kind => typeof kind === "function")
    .map((kind) => [kind.code, kind]),
);
