/**
 * What staff are told when nothing was started.
 *
 * Whatever is wrong with what they typed is told, as are rules about themselves. Of a subject
 * nothing is: unknown, protected and forbidden ones look the same (DESIGN rule 9). Rules that a
 * newer service may have are taken for such.
 */

import {
  InvalidInput,
  MalformedRequest,
  NotFound,
  OutcomeUnknown,
  Refused,
  TokenInvalid,
  Unavailable,
  type UnderstudyError,
} from "./core/errors.ts";
import { warn } from "./logging.ts";
import { SignInRequired } from "./staff.ts";
import { refusalText } from "./wording.ts";

export const UNAVAILABLE_SUBJECT = "subject_unavailable";
export const UNDER_WAY = "start_under_way";
const FIELDS = new Map([
  ["reason_missing", "reason"],
  ["reason_not_text", "reason"],
  ["reason_too_long", "reason"],
  ["reason_too_short", "reason"],
  ["ticket_missing", "ticket"],
  ["ticket_not_text", "ticket"],
  ["ticket_too_long", "ticket"],
  ["minutes_out_of_range", "minutes"],
  ["scope_not_allowed", "scope"],
]);
const OF_THE_ASKER = new Set([
  "application_inactive",
  "impersonation_off",
  "actor_inactive",
  "actor_not_allowed",
  "actor_email_is_operators",
  "nested",
  "another_origin",
]);
const WORDED = new Set(["not_found", "outcome_unknown"]);
const OF_THE_MOMENT = new Set(["page_of_another_session", "page_unmarked", UNDER_WAY]);

/** Why not. `field` is what to mend, `signIn` where to sign in first. */
export interface NotStarted {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  readonly signIn?: string | null;
  /** Whether a session may have begun all the same. */
  readonly inDoubt: boolean;
}

/** What is told of `error`. */
export function notStarted(error: UnderstudyError): NotStarted {
  if (error instanceof Refused || error instanceof TokenInvalid) {
    // A token that is taken no more: a rule says no since it was made.
    return byRule(error instanceof Refused ? error.rule : "", error.detail);
  }
  const { status, code, detail } = error;
  if (error instanceof SignInRequired) {
    return { status, code, detail, signIn: error.at, inDoubt: false };
  }
  if (error.constructor === InvalidInput) {
    // What we let pass the service did not: nobody who typed it can know more.
    warn(`A start was not valid: ${detail}`, { action: "refuse_start" });
    const read = new MalformedRequest("This cannot be read.");
    return { status: read.status, code: read.code, detail: read.detail, inDoubt: false };
  }
  if (error instanceof Unavailable || error instanceof NotFound) {
    // A service says in more ways than these that it cannot be asked.
    const told = WORDED.has(code) ? code : "unavailable";
    const inDoubt = error instanceof OutcomeUnknown;
    return { status, code: told, detail: refusalText(told), inDoubt };
  }
  const { field } = error.facts;
  const more = typeof field === "string" ? { field } : {};
  return { status, code, detail, ...more, inDoubt: false };
}

function byRule(rule: string, detail: string): NotStarted {
  const field = FIELDS.get(rule);
  if (field !== undefined) return { status: 422, code: rule, detail, field, inDoubt: false };
  if (OF_THE_ASKER.has(rule)) return { status: 403, code: rule, detail, inDoubt: false };
  if (OF_THE_MOMENT.has(rule)) return { status: 409, code: rule, detail, inDoubt: false };
  const code = UNAVAILABLE_SUBJECT;
  return { status: 403, code, detail: refusalText(code), inDoubt: false };
}
