"""The errors of RFC 6749 as values, and what of ours becomes which of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from understudy import errors
from understudy.errors import UnderstudyError


class ErrorCode(StrEnum):
    """RFC 6749, sections 4.1.2.1 and 5.2."""

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    ACCESS_DENIED = "access_denied"
    SERVER_ERROR = "server_error"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"


@dataclass(frozen=True, kw_only=True)
class OAuthProblem:
    """An error as a client of OAuth expects it."""

    error: ErrorCode
    description: str
    status: int = HTTPStatus.BAD_REQUEST


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
    if isinstance(error, errors.TooManyRequests | errors.Unavailable):
        return OAuthProblem(
            error=ErrorCode.TEMPORARILY_UNAVAILABLE,
            description=error.detail,
            status=error.status,
        )
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OAuthProblem(
            error=ErrorCode.SERVER_ERROR, description="The service failed.", status=error.status
        )
    return OAuthProblem(
        error=ErrorCode.INVALID_REQUEST, description=error.detail, status=error.status
    )
