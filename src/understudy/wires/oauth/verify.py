"""Verifies our own session JWTs when they come back (RFC 9068, section 4; RFC 8725)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from understudy.core.ids import SessionId
from understudy.core.ports import Reader
from understudy.keys.session_keys import SessionKeys
from understudy.wires.oauth.compact import read

TYPES = frozenset({"at+jwt"})
LEEWAY = timedelta(seconds=30)
"""How far the clocks of two nodes may differ, for a JWT that says it was issued just now."""
LONGEST_LIFE_SECONDS = 600
"""No session JWT was ever issued for longer."""
_ALGORITHM = "RS256"
_TEXTS = ("iss", "aud", "sub", "client_id", "jti", "sid", "scope")
_TIMES = ("iat", "exp")


@dataclass(frozen=True, kw_only=True)
class SessionJwt:
    """A session JWT that this service signed for the application; ``expired`` is for whoever only
    wants to end its session.
    """

    claims: Mapping[str, Any]
    session_id: SessionId
    expired: bool


def verified(
    text: str,
    *,
    reader: Reader,
    keys: SessionKeys,
    issuer: str,
    application_id: str,
    now: datetime,
) -> SessionJwt | None:
    """The JWT that ``text`` is, if it is one of this application's; else None, whatever is wrong.

    A bound token (``cnf``) is none: nobody here checks what it is bound to.
    """
    unverified = read(text, types=TYPES)
    if unverified is None or unverified.kid is None:
        return None
    key = keys.verifying(reader, application_id, unverified.kid, now)
    claims = None if key is None else unverified.verified(key, _ALGORITHM)
    if claims is None or not _is_ours(claims, issuer, application_id) or not _timely(claims, now):
        return None
    return SessionJwt(
        claims=claims,
        session_id=claims["sid"],
        expired=bool(int(now.timestamp()) >= claims["exp"]),
    )


def _is_ours(claims: Mapping[str, Any], issuer: str, application_id: str) -> bool:
    if not all(isinstance(claims.get(name), str) and claims[name] for name in _TEXTS):
        return False
    meant_for = claims["iss"] == issuer and claims["aud"] == application_id
    same_client = claims["client_id"] == application_id
    return meant_for and same_client and "cnf" not in claims and _names_one_actor(claims.get("act"))


def _names_one_actor(act: object) -> bool:
    """A token without an actor is never issued, nor one with an actor's actor (DESIGN rule 4)."""
    if not isinstance(act, dict):
        return False
    return isinstance(act.get("sub"), str) and bool(act["sub"]) and "act" not in act


def _timely(claims: Mapping[str, Any], now: datetime) -> bool:
    # bool is an int, and no time.
    if not all(type(claims.get(name)) is int for name in _TIMES):
        return False
    issued, expires = claims["iat"], claims["exp"]
    soon = int((now + LEEWAY).timestamp())
    not_before = claims.get("nbf", issued)
    plausible = type(not_before) is int and max(issued, not_before) <= soon
    return plausible and 0 < expires - issued <= LONGEST_LIFE_SECONDS
