/**
 * Every error that Understudy raises on purpose, in one tree.
 *
 * `code` is stable: callers match on it. `detail` is public; what only operators of the
 * installation may read goes into `internal`.
 */

export interface ErrorFacts {
  readonly internal?: string | null;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Something went wrong. */
export class UnderstudyError extends Error {
  static readonly code: string = "internal_error";
  static readonly status: number = 500;
  static readonly text: string = "Something went wrong.";

  readonly detail: string;
  readonly internal: string | null;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(detail?: string | null, { internal = null, facts = {} }: ErrorFacts = {}) {
    super(detail || new.target.text);
    this.name = new.target.name;
    this.detail = this.message;
    this.internal = internal;
    this.facts = facts;
  }

  get code(): string {
    return (this.constructor as typeof UnderstudyError).code;
  }

  get status(): number {
    return (this.constructor as typeof UnderstudyError).status;
  }
}

/** The caller can mend it. */
export class InvalidInput extends UnderstudyError {
  static override readonly code: string = "invalid_input";
  static override readonly status: number = 422;
  static override readonly text: string = "The request is not valid.";
}

/** Wrong type, unknown or duplicate field. */
export class MalformedRequest extends InvalidInput {
  static override readonly code: string = "malformed_request";
  static override readonly status: number = 400;
  static override readonly text: string = "The request could not be read.";
}

export class BodyTooLarge extends InvalidInput {
  static override readonly code = "body_too_large";
  static override readonly status = 413;
  static override readonly text = "The request body is larger than this endpoint accepts.";
}

/** A body of another kind. */
export class UnsupportedMediaType extends InvalidInput {
  static override readonly code = "unsupported_media_type";
  static override readonly status = 415;
  static override readonly text = "This endpoint does not take a body of this Content-Type.";
}

/** The path is known, the method is not. */
export class MethodNotAllowed extends InvalidInput {
  static override readonly code = "method_not_allowed";
  static override readonly status = 405;
  static override readonly text = "This path does not answer that method.";
}

export class IdempotencyConflict extends InvalidInput {
  static override readonly code = "idempotency_conflict";
  static override readonly status = 422;
  static override readonly text = "This Idempotency-Key was used before with other content.";
}

export class AlreadyExists extends InvalidInput {
  static override readonly code = "already_exists";
  static override readonly status = 409;
  static override readonly text = "Something with this identifier exists already.";
}

/** No, wrong or expired credentials. */
export class NotSignedIn extends UnderstudyError {
  static override readonly code = "not_signed_in";
  static override readonly status = 401;
  static override readonly text = "Sign in first, or send valid application credentials.";
}

/** Signed in, but this role may not. */
export class PermissionMissing extends UnderstudyError {
  static override readonly code = "permission_missing";
  static override readonly status = 403;
  static override readonly text =
    "Your role does not include this. An admin can change roles under Team.";
}

/** A browser on another site asked. */
export class CrossSiteRefused extends UnderstudyError {
  static override readonly code = "cross_site_refused";
  static override readonly status = 403;
  static override readonly text = "The request came from another site and was refused.";
}

/** A view that only the user themself may use. */
export class ForbiddenWhileImpersonating extends UnderstudyError {
  static override readonly code = "forbidden_while_impersonating";
  static override readonly status = 403;
  static override readonly text =
    "This cannot be done while impersonating. Only the user themself may.";
}

/** Unknown, or not yours to know about. */
export class NotFound extends UnderstudyError {
  static override readonly code = "not_found";
  static override readonly status = 404;
  static override readonly text = "There is no such thing, or it is not yours to see.";
}

/** A rule refused this. `rule` is the stable code of the rule. */
export class Refused extends UnderstudyError {
  static override readonly code = "refused";
  static override readonly status = 403;
  static override readonly text = "A rule refused this. ``rule`` is the stable code of the rule.";

  readonly rule: string;

  constructor(detail: string | null, rule: string, internal: string | null = null) {
    super(detail, { internal, facts: { rule } });
    this.rule = rule;
  }
}

/** Unknown, expired, used or foreign token. */
export class TokenInvalid extends UnderstudyError {
  static override readonly code = "token_invalid";
  static override readonly status = 401;
  static override readonly text = "This token is unknown, expired or already used.";
}

export class SessionOver extends UnderstudyError {
  static override readonly code = "session_over";
  static override readonly status = 401;
  static override readonly text = "The impersonation session has ended.";
}

/** The thing is in another state by now. */
export class Conflict extends UnderstudyError {
  static override readonly code = "conflict";
  static override readonly status = 409;
  static override readonly text =
    "This has changed in the meantime. Load it again and decide anew.";
}

export class TooManyRequests extends UnderstudyError {
  static override readonly code = "too_many_requests";
  static override readonly status = 429;
  static override readonly text = "Too many requests. Wait, then try again.";
}

/** Fail closed: the service is out of reach. */
export class Unavailable extends UnderstudyError {
  static override readonly code: string = "unavailable";
  static override readonly status: number = 503;
  static override readonly text: string =
    "The service cannot do this right now, and nothing was changed. Try again shortly.";
}

export class StorageBusy extends Unavailable {
  static override readonly code = "storage_busy";
  static override readonly text =
    "The database is busy, and nothing was changed. Try again shortly.";
}

export class StorageFull extends Unavailable {
  static override readonly code = "storage_full";
  static override readonly text =
    "The disk is full, and nothing was changed. Free some space, then try again.";
}

export class LogUnwritable extends Unavailable {
  static override readonly code = "log_unwritable";
  static override readonly text = "The audit log cannot be written, so nothing was changed.";
}

/** It may have been done. */
export class OutcomeUnknown extends Unavailable {
  static override readonly code = "outcome_unknown";
  static override readonly text =
    "Whether this was done is not known yet. Repeat the same call with the same key.";
}

/** Configuration, keys or data directory. */
export class SetupError extends UnderstudyError {
  static override readonly code: string = "setup_error";
  static override readonly status: number = 500;
  static override readonly text: string = "Understudy cannot start with this configuration.";
}
