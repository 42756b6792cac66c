"""Errors as RFC 9457 problem documents: one shape for everything that goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from understudy import errors
from understudy.errors import UnderstudyError
from understudy.http.incoming import Incoming
from understudy.http.shapes import Problem

MEDIA_TYPE = "application/problem+json"
_REALM = "Understudy"

TITLES: dict[type[UnderstudyError], str] = {
    UnderstudyError: "Something went wrong",
    errors.InvalidInput: "The request is not valid",
    errors.MalformedRequest: "The request could not be read",
    errors.BodyTooLarge: "The body is too large",
    errors.UnsupportedMediaType: "This kind of body is not taken",
    errors.MethodNotAllowed: "This method is not taken here",
    errors.IdempotencyConflict: "This Idempotency-Key was used for something else",
    errors.ErasedMeanwhile: "Entries were erased meanwhile",
    errors.AlreadyExists: "It exists already",
    errors.NotSignedIn: "Not signed in",
    errors.PermissionMissing: "Not permitted",
    errors.RecentSignInRequired: "A recent sign-in is needed",
    errors.CrossSiteRefused: "Refused from another site",
    errors.NotFound: "Not found",
    errors.Refused: "A rule refused this",
    errors.TokenInvalid: "The token is not valid",
    errors.SessionOver: "The session is over",
    errors.Conflict: "It has changed in the meantime",
    errors.ManagedByApp: "The app decides this",
    errors.RemovalUnconfirmed: "Too many users would be removed",
    errors.TooManyRequests: "Too many requests",
    errors.ClockInDoubt: "The clock is in doubt",
    errors.Unavailable: "Not possible right now",
    errors.StorageBusy: "The database is busy",
    errors.StorageFull: "The disk is full",
    errors.LogUnwritable: "The audit log cannot be written",
    errors.EndedNotSaved: "Ended, but not saved",
    errors.EndedHereOnly: "Ended on this node only",
    errors.OutcomeUnknown: "Not known yet whether it was done",
    errors.AuditError: "The audit log does not verify",
    errors.MalformedNote: "The audit log does not verify",
    errors.SignatureInvalid: "The audit log does not verify",
    errors.ProofInvalid: "The audit log does not verify",
    errors.LogForked: "The audit log does not verify",
    errors.ForbiddenWhileImpersonating: "Not while impersonating",
    errors.WriteBlocked: "Nothing may be changed in this session",
    errors.SetupError: "The installation is not set up correctly",
    errors.KeyUnsafe: "The installation is not set up correctly",
    errors.KeyMismatch: "The installation is not set up correctly",
    errors.SchemaMismatch: "The installation is not set up correctly",
}
"""A title for every error: the same for each occurrence (RFC 9457, section 3.1.3)."""

_INTERNAL_DETAIL = "The service failed. Its log says more under this request id."


def problem_type(code: str, base: str = "") -> str:
    """The problem's type: where the reference explains it, below the path of a mount."""
    return f"{base}/docs#problem-{code}"


def presentable(error: Exception) -> UnderstudyError:
    """``error`` as callers may see it: one that is not ours says nothing about itself."""
    if not isinstance(error, UnderstudyError) or _is_internal(error):
        return UnderstudyError(_INTERNAL_DETAIL)
    return error


def problem_of(error: Exception, request_id: str, base: str = "") -> Problem:
    """The document for ``error``. ``base`` is the path at which an app has mounted the service."""
    error = presentable(error)
    return Problem(
        type=problem_type(error.code, base),
        title=TITLES.get(type(error), TITLES[UnderstudyError]),
        status=error.status,
        detail=error.detail,
        code=error.code,
        request_id=request_id,
        rule=_text(error.facts, "rule"),
        field=_text(error.facts, "field"),
        retry_after_seconds=retry_after(error),
        sign_in=_text(error.facts, "sign_in"),
        password=_flag(error.facts, "password"),
    )


def problem_response(error: Exception, request: Incoming) -> Response:
    """The answer to a request that failed with ``error``."""
    problem = problem_of(error, request.request_id, request.base)
    headers = {"cache-control": "no-store"}
    if problem.retry_after_seconds is not None:
        headers["retry-after"] = str(problem.retry_after_seconds)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = _challenge(request)
    if isinstance(error, errors.MethodNotAllowed):
        headers["allow"] = str(error.facts.get("allow", ""))
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def _is_internal(error: UnderstudyError) -> bool:
    # What the log or the set-up suffers from is for operators of the installation to read.
    return error.status == HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(
        error, errors.AuditError
    )


def _challenge(request: Incoming) -> str:
    """RFC 9110, section 11.6.1. A browser would ask its user for a password if it read Basic."""
    if "authorization" in request.headers or "sec-fetch-site" not in request.headers:
        return f'Basic realm="{_REALM}", charset="UTF-8"'
    return f'OperatorSession realm="{_REALM}"'


def retry_after(error: UnderstudyError) -> int | None:
    """After how many seconds to try again; None where that would change nothing."""
    seconds = error.facts.get("retry_after_seconds")
    if isinstance(seconds, int):
        return seconds
    return 1 if isinstance(error, errors.Unavailable) else None


def _flag(facts: Mapping[str, object], name: str) -> bool | None:
    value = facts.get(name)
    return value if isinstance(value, bool) else None


def _text(facts: Mapping[str, object], name: str) -> str | None:
    value = facts.get(name)
    return None if value is None else str(value)
