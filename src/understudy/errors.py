"""Every error that Understudy raises on purpose, in one tree.

::

    UnderstudyError                     code, title, status, public detail
    ├── InvalidInput                    the caller can mend it
    │   ├── MalformedRequest            not JSON, wrong type, unknown or duplicate field
    │   ├── BodyTooLarge
    │   ├── UnsupportedMediaType        a body of another kind
    │   ├── MethodNotAllowed            the path is known, the method is not
    │   ├── IdempotencyConflict         same key, other content
    │   └── AlreadyExists
    ├── NotSignedIn                     no, wrong or expired credentials
    ├── PermissionMissing               signed in, but this role may not
    ├── RecentSignInRequired            signed in, but too long ago for this
    ├── CrossSiteRefused                a browser on another site asked
    ├── ForbiddenWhileImpersonating     a view that only the user themself may use
    ├── NotFound                        unknown, or not yours to know about
    ├── Refused                         a rule of the domain said no (carries the rule)
    ├── TokenInvalid                    unknown, expired, used or foreign token
    ├── SessionOver                     the impersonation session has ended
    ├── Conflict                        the thing is in another state by now
    ├── ManagedByApp                    the embedding app alone decides this
    ├── RemovalUnconfirmed              more users would go than somebody agreed to
    ├── TooManyRequests
    ├── ClockInDoubt                    nobody knows how late it is, and this hangs on it
    ├── Unavailable                     fail closed: database, log or service out of reach
    │   ├── StorageBusy
    │   ├── StorageFull
    │   ├── LogUnwritable
    │   ├── EndedNotSaved           sessions are over, what ended them is not written
    │   ├── EndedHereOnly           and not even kept on a disk
    │   └── OutcomeUnknown          it may have been done
    ├── AuditError                      something in the log does not verify
    │   ├── MalformedNote
    │   ├── SignatureInvalid
    │   ├── ProofInvalid
    │   └── LogForked                   two histories under one key
    └── SetupError                      configuration, keys or data directory
        ├── KeyUnsafe
        ├── KeyMismatch
        └── SchemaMismatch              the database is newer or locked

    SecurityWarning                     legal but weak; turn into an error if you like
    Signal                              caught by ourselves where it is foreseen; reaches nobody

A class's docstring is its default public text. ``code`` is stable: callers match on it. ``detail``
is public; what only operators of the installation may read goes into ``internal``.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar


class SecurityWarning(UserWarning):
    """A choice that is allowed, yet weaker than it need be."""


class Signal(Exception):
    """What one place of ours tells another, deep below it, by raising; it reaches no caller."""


class UnderstudyError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(
        self,
        detail: str | None = None,
        *,
        internal: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().split("\n\n")[0]
        self.internal = internal
        self.facts: Mapping[str, object] = facts or {}
        super().__init__(self.detail)


class InvalidInput(UnderstudyError):
    """The request is not valid."""

    code = "invalid_input"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class MalformedRequest(InvalidInput):
    """The request could not be read."""

    code = "malformed_request"
    status = HTTPStatus.BAD_REQUEST


class BodyTooLarge(InvalidInput):
    """The request body is larger than this endpoint accepts."""

    code = "body_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedMediaType(InvalidInput):
    """This endpoint does not take a body of this Content-Type."""

    code = "unsupported_media_type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class MethodNotAllowed(InvalidInput):
    """This path does not answer that method."""

    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED


class IdempotencyConflict(InvalidInput):
    """This Idempotency-Key was used before with other content."""

    code = "idempotency_conflict"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AlreadyExists(InvalidInput):
    """Something with this identifier exists already."""

    code = "already_exists"
    status = HTTPStatus.CONFLICT


class NotSignedIn(UnderstudyError):
    """Sign in first, or send valid application credentials."""

    code = "not_signed_in"
    status = HTTPStatus.UNAUTHORIZED


class PermissionMissing(UnderstudyError):
    """Your role does not include this. An admin can change roles under Team."""

    code = "permission_missing"
    status = HTTPStatus.FORBIDDEN


class RecentSignInRequired(UnderstudyError):
    """Confirm your password, or sign in again in the app: your sign-in is too long ago for this."""

    code = "recent_sign_in_required"
    status = HTTPStatus.FORBIDDEN


class CrossSiteRefused(UnderstudyError):
    """The request came from another site and was refused."""

    code = "cross_site_refused"
    status = HTTPStatus.FORBIDDEN


class ForbiddenWhileImpersonating(UnderstudyError):
    """This cannot be done while impersonating. Only the user themself may."""

    code = "forbidden_while_impersonating"
    status = HTTPStatus.FORBIDDEN


class WriteBlocked(UnderstudyError):
    """This session may only read, and answering would have changed something."""

    code = "write_blocked"
    status = HTTPStatus.FORBIDDEN


class NotFound(UnderstudyError):
    """There is no such thing, or it is not yours to see."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND


class Refused(UnderstudyError):
    """A rule refused this. ``rule`` is the stable code of the rule."""

    code = "refused"
    status = HTTPStatus.FORBIDDEN

    def __init__(
        self, detail: str | None = None, *, rule: str, internal: str | None = None
    ) -> None:
        super().__init__(detail, internal=internal, facts={"rule": rule})
        self.rule = rule


class TokenInvalid(UnderstudyError):
    """This token is unknown, expired or already used."""

    code = "token_invalid"
    status = HTTPStatus.UNAUTHORIZED


class SessionOver(UnderstudyError):
    """The impersonation session has ended."""

    code = "session_over"
    status = HTTPStatus.UNAUTHORIZED


class Conflict(UnderstudyError):
    """This has changed in the meantime. Load it again and decide anew."""

    code = "conflict"
    status = HTTPStatus.CONFLICT


class ManagedByApp(UnderstudyError):
    """The app itself says who works here, and as what. Change it there."""

    code = "managed_by_app"
    status = HTTPStatus.CONFLICT


class RemovalUnconfirmed(UnderstudyError):
    """More users would be removed than go without a word. Nothing was changed."""

    code = "removal_unconfirmed"
    status = HTTPStatus.CONFLICT


class TooManyRequests(UnderstudyError):
    """Too many requests. Wait, then try again."""

    code = "too_many_requests"
    status = HTTPStatus.TOO_MANY_REQUESTS


class ClockInDoubt(UnderstudyError):
    """The service's clock is in doubt. An admin can look into it: understudy doctor."""

    code = "clock_in_doubt"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class Unavailable(UnderstudyError):
    """The service cannot do this right now, and nothing was changed. Try again shortly."""

    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class StorageBusy(Unavailable):
    """The database is busy, and nothing was changed. Try again shortly."""

    code = "storage_busy"


class StorageFull(Unavailable):
    """The disk is full, and nothing was changed. Free some space, then try again."""

    code = "storage_full"


class LogUnwritable(Unavailable):
    """The audit log cannot be written, so nothing was changed."""

    code = "log_unwritable"


class EndedNotSaved(Unavailable):
    """Sessions are ended, the change is not saved. Make the change again shortly."""

    code = "ended_not_saved"


class EndedHereOnly(Unavailable):
    """Sessions are ended on this node alone, and only until it stops. Repeat the same call."""

    code = "ended_here_only"


class OutcomeUnknown(Unavailable):
    """Whether this was done is not known yet. Repeat the same call with the same key."""

    code = "outcome_unknown"


class AuditError(UnderstudyError):
    """The audit log does not verify."""

    code = "audit_invalid"


class ErasedMeanwhile(UnderstudyError):
    """Entries were erased while this was read. Take it again."""

    code = "erased_meanwhile"
    status = HTTPStatus.CONFLICT


class MalformedNote(AuditError):
    """This is not a well-formed signed note."""

    code = "malformed_note"


class SignatureInvalid(AuditError):
    """The signature does not verify under the given key."""

    code = "signature_invalid"


class ProofInvalid(AuditError):
    """The proof does not lead to the signed root."""

    code = "proof_invalid"


class LogForked(AuditError):
    """The log disagrees with a checkpoint that was signed before."""

    code = "log_forked"


class SetupError(UnderstudyError):
    """Understudy cannot start with this configuration."""

    code = "setup_error"


class KeyUnsafe(SetupError):
    """Others can read the key file. Run: chmod 600 on it, then start again."""

    code = "key_unsafe"


class KeyMismatch(SetupError):
    """This database was set up with another installation key."""

    code = "key_mismatch"


class SchemaMismatch(SetupError):
    """The database was written by a newer version of Understudy."""

    code = "schema_mismatch"
