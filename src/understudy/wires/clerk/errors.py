"""Errors as Clerk's SDKs parse them, and what of ours becomes which of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from understudy import errors
from understudy.core.rules.actor import ACTOR_EMAIL_IS_OPERATORS, NESTED
from understudy.core.rules.request import (
    MINUTES_OUT_OF_RANGE,
    REASON_MISSING,
    REASON_NOT_TEXT,
    REASON_TOO_LONG,
    REASON_TOO_SHORT,
    TICKET_MISSING,
    TICKET_NOT_TEXT,
    TICKET_TOO_LONG,
)
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import SUBJECT_IS_ACTOR
from understudy.core.text import TextFault
from understudy.errors import InvalidInput, UnderstudyError


class Code(StrEnum):
    """What clients match on."""

    KEY_INVALID = "clerk_key_invalid"
    AUTHORIZATION_INVALID = "authorization_header_format_invalid"
    PARAMETER_MISSING = "form_param_missing"
    PARAMETER_INVALID = "form_param_value_invalid"
    PARAMETER_UNKNOWN = "form_param_unknown"
    PARAMETER_NOT_FOUND = "form_resource_not_found"
    IDENTIFIER_EXISTS = "form_identifier_exists"
    NOT_FOUND = "resource_not_found"
    FORBIDDEN = "resource_forbidden"
    BODY_INVALID = "request_body_invalid"
    MEDIA_TYPE = "unsupported_content_type"
    METHOD = "method_not_allowed"
    CONFLICT = "resource_conflict"
    TOO_MANY = "too_many_requests"
    INTERNAL = "internal_clerk_error"
    ORIGIN_INVALID = "origin_invalid"
    NOT_ENABLED = "feature_not_enabled"
    SESSION_CREATION = "session_creation_not_allowed"
    TOKEN_NOT_REVOCABLE = "actor_token_cannot_be_revoked_code"  # noqa: S105  # a code
    TOKEN_REVOKED = "actor_token_revoked_code"  # noqa: S105
    TOKEN_USED = "actor_token_already_used_code"  # noqa: S105
    TOKEN_UNUSABLE = "actor_token_cannot_be_used_code"  # noqa: S105
    TICKET_EXPIRED = "ticket_expired_code"
    TICKET_INVALID = "ticket_invalid_code"


@dataclass(frozen=True, kw_only=True)
class ClerkProblem:
    """An error answer. ``parameter`` is the one at fault, dotted; ``rule`` our own stable code."""

    status: int
    code: Code
    message: str
    detail: str = ""
    parameter: str | None = None
    rule: str | None = None

    def __bool__(self) -> bool:
        return False

    def body(self, trace_id: str) -> dict[str, Any]:
        """The JSON. Code and both messages are required by the Python SDK."""
        meta = {"param_name": self.parameter, "rule": self.rule}
        error = {
            "code": self.code.value,
            "message": self.message,
            "long_message": self.detail or self.message,
            "meta": {name: value for name, value in meta.items() if value is not None},
        }
        return {"errors": [error], "clerk_trace_id": trace_id}


_INVALID = HTTPStatus.UNPROCESSABLE_ENTITY

NO_SUCH_RESOURCE = ClerkProblem(
    status=HTTPStatus.NOT_FOUND,
    code=Code.NOT_FOUND,
    message="not found",
    detail="There is no such thing, or it is not yours to see.",
)

_NO_SUCH_USER = ClerkProblem(
    status=_INVALID,
    code=Code.PARAMETER_NOT_FOUND,
    message="not found",
    detail="This user cannot be impersonated, or there is no such user.",
    parameter="user_id",
)
"""One answer for all of them: who keeps the users knows, others shall not (DESIGN rule 9)."""


def missing(parameter: str) -> InvalidInput:
    """The error for a required parameter that is not there."""
    return InvalidInput(
        f"{parameter} must be given.",
        facts={"field": parameter, "clerk": Code.PARAMETER_MISSING},
    )


def unfit(parameter: str, detail: str) -> InvalidInput:
    """The error for a value that a parameter cannot have."""
    return InvalidInput(detail, facts={"field": parameter, "clerk": Code.PARAMETER_INVALID})


def unknown(parameter: str, detail: str | None = None) -> InvalidInput:
    """The error for a parameter that is not taken here."""
    return InvalidInput(
        detail or f"{parameter} is not a parameter of this request.",
        facts={"field": parameter, "clerk": Code.PARAMETER_UNKNOWN},
    )


def taken(parameter: str) -> InvalidInput:
    """The error for an identifier that somebody else has."""
    return InvalidInput(
        f"That {parameter} is taken. Try another one.",
        facts={"field": parameter, "clerk": Code.IDENTIFIER_EXISTS},
    )


_MESSAGES = {
    Code.PARAMETER_MISSING: "is missing",
    Code.PARAMETER_INVALID: "is invalid",
    Code.PARAMETER_UNKNOWN: "is unknown",
    Code.IDENTIFIER_EXISTS: "is taken",
}

_BY_TYPE: tuple[tuple[type[UnderstudyError], Code], ...] = (
    (errors.NotFound, Code.NOT_FOUND),
    (errors.MethodNotAllowed, Code.METHOD),
    (errors.MalformedRequest, Code.BODY_INVALID),
    (errors.BodyTooLarge, Code.BODY_INVALID),
    (errors.UnsupportedMediaType, Code.MEDIA_TYPE),
    (errors.AlreadyExists, Code.IDENTIFIER_EXISTS),
    (errors.InvalidInput, Code.PARAMETER_INVALID),
    (errors.TooManyRequests, Code.TOO_MANY),
    (errors.Conflict, Code.CONFLICT),
    (errors.ManagedByApp, Code.CONFLICT),
)


def translated(error: UnderstudyError, *, authorization: str | None) -> ClerkProblem:
    """``error`` in Clerk's words. ``authorization`` is the header of the request, if any."""
    if isinstance(error, errors.NotSignedIn):
        return _unauthenticated(error, authorization)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ClerkProblem(
            status=error.status, code=Code.INTERNAL, message="failed", detail=error.detail
        )
    code = _code(error)
    field = error.facts.get("field")
    return ClerkProblem(
        status=_INVALID if code is Code.IDENTIFIER_EXISTS else error.status,
        code=code,
        message=_MESSAGES.get(code, error.detail),
        detail=error.detail,
        parameter=None if field is None else str(field),
        # What their code does not say.
        rule=error.code if isinstance(error, errors.ManagedByApp) else None,
    )


def _code(error: UnderstudyError) -> Code:
    named = error.facts.get("clerk")
    if isinstance(named, Code):
        return named
    found = (code for type_, code in _BY_TYPE if isinstance(error, type_))
    return next(found, Code.FORBIDDEN)


def _unauthenticated(error: UnderstudyError, authorization: str | None) -> ClerkProblem:
    scheme, _, secret = (authorization or "").partition(" ")
    well_formed = scheme.lower() == "bearer" and bool(secret.strip())
    return ClerkProblem(
        status=error.status,
        code=Code.KEY_INVALID if well_formed else Code.AUTHORIZATION_INVALID,
        message="The secret key is not valid." if well_formed else "No bearer token.",
        detail=error.detail,
    )


_AT_FAULT = {
    SUBJECT_IS_ACTOR: "actor.sub",
    NESTED: "actor.sub",
    ACTOR_EMAIL_IS_OPERATORS: "actor.sub",
    REASON_MISSING: "actor.reason",
    REASON_TOO_SHORT: "actor.reason",
    REASON_TOO_LONG: "actor.reason",
    REASON_NOT_TEXT: "actor.reason",
    TICKET_MISSING: "actor.ticket",
    TICKET_TOO_LONG: "actor.ticket",
    TICKET_NOT_TEXT: "actor.ticket",
    MINUTES_OUT_OF_RANGE: "session_max_duration_in_seconds",
}


def denied(rule: Rule, fault: TextFault | None = None) -> ClerkProblem:
    """The answer where ``rule`` refused an actor token; 422, which the Python SDK parses there."""
    if rule.concealed:
        return _NO_SUCH_USER
    parameter = _AT_FAULT.get(rule)
    return ClerkProblem(
        status=_INVALID,
        code=Code.NOT_ENABLED if parameter is None else Code.PARAMETER_INVALID,
        message="is not possible" if parameter is None else "is invalid",
        detail=rule.explained(fault),
        parameter=parameter,
        rule=rule.code,
    )
