"""The session JWT: a signed view of a session for five minutes (RFC 9068; ``act`` by RFC 8693).

It names both people by their ids, and says nothing else about them: a JWT can be read by anybody
(no e-mail addresses, no reason; ASVS 14.1.1).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt

from understudy.core.people.principals import ActorKind
from understudy.flows.impersonation.open_session import OpenSession
from understudy.keys.session_keys import JwtSigner

LIFE = timedelta(minutes=5)
"""How long a session JWT lives at most; never beyond the session's own end."""
_ALGORITHM = "RS256"


def claims(opened: OpenSession, *, issuer: str, now: datetime, jwt_id: str) -> dict[str, Any]:
    """What the JWT of ``opened`` says.

    ``auth_time``, ``acr`` and ``amr`` are missing on purpose: they would speak of the subject, who
    has not signed in (RFC 9068, section 2.2.1).
    """
    issued = int(now.timestamp())
    expires = min(now + LIFE, opened.session.ends_at)
    return {
        **_people(opened, issuer),
        "iat": issued,
        "nbf": issued,
        "exp": int(expires.timestamp()),
        "jti": jwt_id,
    }


def described(opened: OpenSession, *, issuer: str) -> dict[str, Any]:
    """What can be told of the session itself, whose times are not those of a JWT."""
    session = opened.session
    return {
        **_people(opened, issuer),
        "iat": int(session.started_at.timestamp()),
        "exp": int(session.ends_at.timestamp()),
    }


def sign(contents: dict[str, Any], signer: JwtSigner) -> str:
    """The JWT; takes most of a millisecond."""
    header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": signer.kid}
    return jwt.encode(header, contents, signer.key)


def expires_in(opened: OpenSession, now: datetime) -> int:
    """For how many seconds the JWT is good."""
    return int((min(now + LIFE, opened.session.ends_at) - now).total_seconds())


def _people(opened: OpenSession, issuer: str) -> dict[str, Any]:
    """Who works as whom, where, and how far it goes; never without ``act``."""
    return {
        "iss": issuer,
        "sub": opened.subject.id,
        "aud": opened.application.id,
        "client_id": opened.application.id,
        "sid": opened.session.id,
        "scope": opened.grant.scope.value,
        "act": _actor(opened, issuer),
        "understudy": _private(opened),
    }


def _actor(opened: OpenSession, issuer: str) -> dict[str, str]:
    """Who acts; ids of actors whom an application names are unique within it only."""
    actor = opened.grant.actor
    if actor.kind is ActorKind.OPERATOR:
        return {"iss": issuer, "sub": actor.id}
    return {"iss": f"{issuer}/applications/{opened.application.id}", "sub": actor.id}


def _private(opened: OpenSession) -> dict[str, Any]:
    found = {
        "grant": opened.grant.id,
        "organization": opened.grant.organization_id,
        "session_exp": int(opened.session.ends_at.timestamp()),
    }
    return {name: value for name, value in found.items() if value is not None}
