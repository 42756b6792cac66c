"""The errors of RFC 6749 and RFC 8693 as values, and what of ours becomes which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from understudy import errors
from understudy.errors import UnderstudyError


class ErrorCode(StrEnum):
    """RFC 6749, sections 4.1.2.1 and 5.2; RFC 8693, section 2.2.2."""

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    INVALID_SCOPE = "invalid_scope"
    INVALID_TARGET = "invalid_target"
    ACCESS_DENIED = "access_denied"
    SERVER_ERROR = "server_error"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"


@dataclass(frozen=True, kw_only=True)
class OAuthProblem:
    """An error as a client of OAuth expects it; ``retry_after`` in seconds, where it helps."""

    error: ErrorCode
    description: str
    status: int = HTTPStatus.BAD_REQUEST
    retry_after: int | None = None


_STATUSES: Mapping[int, int] = {HTTPStatus.UNPROCESSABLE_ENTITY: HTTPStatus.BAD_REQUEST}


def translated(error: UnderstudyError) -> OAuthProblem:
    """``error`` in the words of RFC 6749."""
    if isinstance(error, errors.NotSignedIn):
        return OAuthProblem(
            error=ErrorCode.INVALID_CLIENT,
            description=error.detail,
            status=HTTPStatus.UNAUTHORIZED,
        )
    if isinstance(error, errors.TokenInvalid):
        return OAuthProblem(error=ErrorCode.INVALID_GRANT, description=error.detail)
    if isinstance(error, errors.TooManyRequests | errors.Unavailable | errors.ClockInDoubt):
        return OAuthProblem(
            error=ErrorCode.TEMPORARILY_UNAVAILABLE,
            description=error.detail,
            status=error.status,
            retry_after=_seconds(error),
        )
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OAuthProblem(
            error=ErrorCode.SERVER_ERROR, description="The service failed.", status=error.status
        )
    # RFC 6749, section 5.2: 400, where HTTP itself has no better word for it.
    status = _STATUSES.get(error.status, error.status)
    return OAuthProblem(error=ErrorCode.INVALID_REQUEST, description=error.detail, status=status)


def _seconds(error: UnderstudyError) -> int:
    # RFC 7009, section 2.2.1: a client that is told to come back must know when.
    seconds = error.facts.get("retry_after_seconds")
    return seconds if isinstance(seconds, int) else 1
