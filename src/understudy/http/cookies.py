"""The operator's cookie: reading it strictly, setting and clearing it."""

from __future__ import annotations

from datetime import datetime

from understudy.errors import MalformedRequest
from understudy.http.incoming import Headers

OPERATOR_COOKIE = "__Host-understudy-operator"
"""Browsers take it only with Secure, Path=/ and without Domain (its prefix says so)."""

DEVICE_COOKIE = "__Host-understudy-device"
"""Tells a browser in which an operator has signed in before; it signs nobody in."""
DEVICE_SECONDS = 365 * 24 * 60 * 60

_ATTRIBUTES = "HttpOnly; Secure; SameSite=Lax; Path=/"
_LONGEST = 512


def operator_token(headers: Headers) -> str | None:
    """The value of the operator's cookie, unverified; None where there is none.

    :raises MalformedRequest: when it comes twice: somebody planted one of them.
    """
    values = _values(headers, OPERATOR_COOKIE)
    if len(values) > 1:
        raise MalformedRequest("The operator's cookie was sent more than once.")
    return values[0] if values and len(values[0]) <= _LONGEST else None


def device_token(headers: Headers) -> str | None:
    """The value of the device's cookie, unverified; None where there is none, or more than one."""
    values = _values(headers, DEVICE_COOKIE)
    return values[0] if len(values) == 1 and len(values[0]) <= _LONGEST else None


def set_device_cookie(token: str) -> str:
    """A ``Set-Cookie`` value that makes the browser one that is known."""
    return f"{DEVICE_COOKIE}={token}; Max-Age={DEVICE_SECONDS}; {_ATTRIBUTES}"


def set_operator_cookie(token: str, *, expires_at: datetime, now: datetime) -> str:
    """A ``Set-Cookie`` value that signs the browser in until ``expires_at``."""
    seconds = max(0, int((expires_at - now).total_seconds()))
    return f"{OPERATOR_COOKIE}={token}; Max-Age={seconds}; {_ATTRIBUTES}"


def clear_operator_cookie() -> str:
    """A ``Set-Cookie`` value that signs the browser out."""
    return f"{OPERATOR_COOKIE}=; Max-Age=0; {_ATTRIBUTES}"


def _values(headers: Headers, cookie: str) -> list[str]:
    header = headers.get("cookie")
    if header is None or cookie not in header:
        return []
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return [value for name, _, value in pairs if name == cookie]
