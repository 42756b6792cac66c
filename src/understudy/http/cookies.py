"""The operator's cookie: reading it strictly, setting and clearing it."""

from __future__ import annotations

from datetime import datetime

from understudy.errors import MalformedRequest
from understudy.http.incoming import Headers

OPERATOR_COOKIE = "__Host-understudy-operator"
"""Browsers take it only with Secure, Path=/ and without Domain (its prefix says so)."""

_ATTRIBUTES = "HttpOnly; Secure; SameSite=Lax; Path=/"
_LONGEST = 512


def operator_token(headers: Headers) -> str | None:
    """The value of the operator's cookie, unverified; None where there is none.

    :raises MalformedRequest: when it comes twice: somebody planted one of them.
    """
    header = headers.get("cookie")
    if header is None or OPERATOR_COOKIE not in header:
        return None
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    values = [value for name, _, value in pairs if name == OPERATOR_COOKIE]
    if len(values) > 1:
        raise MalformedRequest("The operator's cookie was sent more than once.")
    return values[0] if values and len(values[0]) <= _LONGEST else None


def set_operator_cookie(token: str, *, expires_at: datetime, now: datetime) -> str:
    """A ``Set-Cookie`` value that signs the browser in until ``expires_at``."""
    seconds = max(0, int((expires_at - now).total_seconds()))
    return f"{OPERATOR_COOKIE}={token}; Max-Age={seconds}; {_ATTRIBUTES}"


def clear_operator_cookie() -> str:
    """A ``Set-Cookie`` value that signs the browser out."""
    return f"{OPERATOR_COOKIE}=; Max-Age=0; {_ATTRIBUTES}"
