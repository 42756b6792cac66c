"""Errors as the SDKs know them: a type, a status, a message, and where the type is explained.

Types are the vendor's own names. An error of ours carries its type in ``facts``; one that carries
none gets the type of its class. No body ever has a key ``error``: an SDK takes that for OAuth's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from understudy import errors
from understudy.errors import UnderstudyError

_TYPE = "error_type"
_EXPLAINED = "https://stytch.com/docs/api/errors"


class ErrorType(StrEnum):
    """The types that are answered here."""

    BAD_REQUEST = "bad_request"
    TOO_LARGE = "request_too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    ROUTE_NOT_FOUND = "route_not_found"
    TOO_MANY_REQUESTS = "too_many_requests"
    INTERNAL = "internal_server_error"
    UNAVAILABLE = "server_unavailable"

    UNAUTHORIZED_CREDENTIALS = "unauthorized_credentials"
    UNAUTHORIZED_ACTION = "unauthorized_action"
    INVALID_B2B_ENDPOINT = "invalid_b2b_endpoint"
    INVALID_CONSUMER_ENDPOINT = "invalid_consumer_endpoint"
    PROJECT_NOT_FOUND = "project_not_found"

    UNABLE_TO_AUTH = "unable_to_auth_impersonation_token"
    MEMBER_NOT_ALLOWED = "member_impersonation_not_allowed"
    USER_NOT_ALLOWED = "user_impersonation_not_allowed"

    SESSION_NOT_FOUND = "session_not_found"
    SESSION_NOT_MUTABLE = "session_not_mutable"
    TOO_MANY_SESSION_ARGUMENTS = "too_many_session_arguments"
    NO_SESSION_ARGUMENTS = "no_session_arguments"
    TOO_MANY_REVOKE_ARGUMENTS = "too_many_session_revoke_arguments"
    NO_REVOKE_ARGUMENTS = "no_session_revoke_arguments"
    UNREADABLE_JWT = "unable_to_parse_session_jwt"
    INVALID_DURATION = "invalid_session_duration_minutes"
    AUTHORIZATION = "session_authorization_error"
    TENANCY = "session_authorization_tenancy_error"
    CONSUMER_AUTHORIZATION = "consumer_session_authorization_error"

    ORGANIZATION_NOT_FOUND = "organization_not_found"
    MEMBER_NOT_FOUND = "member_not_found"
    USER_NOT_FOUND = "user_not_found"
    NO_DELETED_MEMBER = "no_deleted_member_found_for_reactivation"
    INVALID_MEMBER_GET = "invalid_member_get_fields"
    DUPLICATE_EMAIL = "duplicate_email"
    DUPLICATE_MEMBER_EMAIL = "duplicate_member_email"
    DUPLICATE_MEMBER_EXTERNAL_ID = "duplicate_member_external_id"
    DUPLICATE_USER_EXTERNAL_ID = "duplicate_user_external_id"
    SLUG_USED = "organization_slug_already_used"
    ORGANIZATION_EXTERNAL_ID_USED = "organization_external_id_already_used"
    INVALID_SLUG = "invalid_organization_slug"
    INVALID_CREATE_USER = "invalid_create_user_request"
    NO_ORGANIZATION_IDS = "member_search_organization_ids_empty"

    PUBLIC_TOKEN_NOT_FOUND = "public_token_not_found"  # noqa: S105  # the name of an error
    SDK_OFF = "endpoint_not_authorized_for_sdk"
    BAD_DOMAIN = "bad_domain_for_stytch_sdk"

    MANAGED_BY_APP = "managed_by_app"
    """Ours: nothing of theirs is kept by somebody else's table."""


_STATUS: dict[ErrorType, int] = {
    ErrorType.UNAUTHORIZED_CREDENTIALS: HTTPStatus.UNAUTHORIZED,
    ErrorType.UNABLE_TO_AUTH: HTTPStatus.UNAUTHORIZED,
    ErrorType.UNAUTHORIZED_ACTION: HTTPStatus.FORBIDDEN,
    ErrorType.MEMBER_NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    ErrorType.USER_NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    ErrorType.AUTHORIZATION: HTTPStatus.FORBIDDEN,
    ErrorType.TENANCY: HTTPStatus.FORBIDDEN,
    ErrorType.CONSUMER_AUTHORIZATION: HTTPStatus.FORBIDDEN,
    ErrorType.SDK_OFF: HTTPStatus.FORBIDDEN,
    ErrorType.BAD_DOMAIN: HTTPStatus.FORBIDDEN,
    ErrorType.ROUTE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorType.PROJECT_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorType.SESSION_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorType.ORGANIZATION_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorType.MEMBER_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorType.USER_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorType.PUBLIC_TOKEN_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorType.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    ErrorType.MANAGED_BY_APP: HTTPStatus.CONFLICT,
    ErrorType.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorType.UNSUPPORTED_MEDIA_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ErrorType.TOO_MANY_REQUESTS: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorType.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorType.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""All others are 400."""

# The first class that fits decides: subclasses stand before their parents.
_CLASSES: tuple[tuple[type[UnderstudyError], ErrorType], ...] = (
    (errors.BodyTooLarge, ErrorType.TOO_LARGE),
    (errors.UnsupportedMediaType, ErrorType.UNSUPPORTED_MEDIA_TYPE),
    (errors.MethodNotAllowed, ErrorType.METHOD_NOT_ALLOWED),
    (errors.InvalidInput, ErrorType.BAD_REQUEST),
    (errors.ManagedByApp, ErrorType.MANAGED_BY_APP),
    (errors.Conflict, ErrorType.BAD_REQUEST),
    (errors.NotSignedIn, ErrorType.UNAUTHORIZED_CREDENTIALS),
    (errors.PermissionMissing, ErrorType.UNAUTHORIZED_ACTION),
    (errors.CrossSiteRefused, ErrorType.UNAUTHORIZED_ACTION),
    (errors.Refused, ErrorType.UNAUTHORIZED_ACTION),
    (errors.NotFound, ErrorType.ROUTE_NOT_FOUND),
    (errors.TokenInvalid, ErrorType.UNABLE_TO_AUTH),
    (errors.SessionOver, ErrorType.SESSION_NOT_FOUND),
    (errors.TooManyRequests, ErrorType.TOO_MANY_REQUESTS),
    (errors.ClockInDoubt, ErrorType.UNAVAILABLE),
    (errors.Unavailable, ErrorType.UNAVAILABLE),
)

_RAISED: dict[int, type[UnderstudyError]] = {
    HTTPStatus.UNAUTHORIZED: errors.NotSignedIn,
    HTTPStatus.FORBIDDEN: errors.PermissionMissing,
    HTTPStatus.NOT_FOUND: errors.NotFound,
}


@dataclass(frozen=True, kw_only=True)
class StytchProblem:
    """An error as the SDKs read it; they take the status from the body."""

    error_type: ErrorType
    status: int
    message: str

    def body(self, request_id: str) -> dict[str, object]:
        """The JSON object to send."""
        return {
            "status_code": self.status,
            "request_id": request_id,
            "error_type": self.error_type.value,
            "error_message": self.message,
            "error_url": f"{_EXPLAINED}/{self.status}#{self.error_type.value}",
        }


def refused(error_type: ErrorType, message: str) -> UnderstudyError:
    """The error to raise for ``error_type``."""
    raised = _RAISED.get(status_of(error_type), errors.InvalidInput)
    return raised(message, facts={_TYPE: error_type})


def status_of(error_type: ErrorType) -> int:
    """The HTTP status that goes with a type."""
    return _STATUS.get(error_type, HTTPStatus.BAD_REQUEST)


def problem_of(error: UnderstudyError) -> StytchProblem:
    """``error`` in the words of this wire."""
    given = error.facts.get(_TYPE)
    error_type = given if isinstance(given, ErrorType) else _type_of(error)
    return StytchProblem(error_type=error_type, status=status_of(error_type), message=error.detail)


def _type_of(error: UnderstudyError) -> ErrorType:
    return next((found for kind, found in _CLASSES if isinstance(error, kind)), ErrorType.INTERNAL)
