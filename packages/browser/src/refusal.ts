/** The fields of a start that a refusal can be about. */
export type Field = "subject_id" | "reason" | "ticket" | "minutes" | "scope";

const FIELDS: readonly string[] = ["subject_id", "reason", "ticket", "minutes", "scope"];

/** What may have gone wrong, by a stable word. A newer server may say others. */
export type RefusalCode =
  | "reason_missing"
  | "reason_too_short"
  | "reason_too_long"
  | "reason_not_text"
  | "ticket_missing"
  | "ticket_too_long"
  | "ticket_not_text"
  | "minutes_out_of_range"
  | "scope_not_allowed"
  | "malformed_request"
  | "unsupported_media_type"
  | "body_too_large"
  | "subject_unavailable"
  | "nested"
  | "page_of_another_session"
  | "page_unmarked"
  | "start_under_way"
  | "impersonation_off"
  | "application_inactive"
  | "actor_email_is_operators"
  | "actor_not_allowed"
  | "actor_inactive"
  | "another_origin"
  | "not_signed_in"
  | "recent_sign_in_required"
  | "cross_site_refused"
  | "not_found"
  | "too_many_requests"
  | "unavailable"
  | "outcome_unknown"
  // Of this package: the server was not reached, or what answered is not Understudy's SDK.
  | "no_answer"
  | "unexpected_answer"
  | (string & Record<never, never>);

/** Something was not done. `message` is a sentence for the person who asked. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  /** Of HTTP; 0 where there was no answer. */
  readonly status: number;
  /** What to mend, where it is something that was typed. */
  readonly field: Field | null;
  /** Where to sign in first: a path of the app. */
  readonly signIn: string | null;

  constructor(
    code: RefusalCode,
    message: string,
    facts: { status?: number; field?: unknown; signIn?: unknown } = {},
  ) {
    super(message);
    this.code = code;
    this.status = facts.status ?? 0;
    this.field = isField(facts.field) ? facts.field : null;
    this.signIn = typeof facts.signIn === "string" ? facts.signIn : null;
  }
}

function isField(value: unknown): value is Field {
  return typeof value === "string" && FIELDS.includes(value);
}
