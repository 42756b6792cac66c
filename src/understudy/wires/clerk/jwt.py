"""The session JWT that these clients verify: a minute of a session, with ``act``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt

from understudy.flows.impersonation.open_session import OpenSession
from understudy.keys.session_keys import JwtSigner
from understudy.wires.clerk.actors import act_of
from understudy.wires.clerk.session_ids import shown
from understudy.wires.clerk.times import to_seconds

KEY_USE = "clerk_jwt"
"""What the keys of this wire sign, and no others do."""
LIFE = timedelta(seconds=60)
"""How long a JWT lives at most; never beyond the session's own end."""
_BACKDATED = 10
"""Seconds by which ``nbf`` lies before ``iat``, for clocks that are not quite right."""
_NEVER = -1
_ALGORITHM = "RS256"


def claims(
    opened: OpenSession,
    *,
    issuer: str,
    authorized_party: str | None,
    now: datetime,
    jwt_id: str,
    life: timedelta = LIFE,
) -> dict[str, Any]:
    """What the JWT of ``opened`` says.

    No ``aud``, which the Python SDK refuses. No ``v``, since with ``v: 2`` that SDK drops ``act``
    from what apps read. No factor was ever verified: nobody has signed in as this user.
    """
    session = opened.session
    issued = to_seconds(now)
    found: dict[str, Any] = {
        "iss": issuer,
        "sub": opened.subject.id,
        "sid": shown(session.id),
        "act": act_of(opened.grant, issuer=issuer),
        "azp": authorized_party,
        "iat": issued,
        "nbf": issued - _BACKDATED,
        "exp": to_seconds(min(now + min(life, LIFE), session.ends_at)),
        "fva": [_NEVER, _NEVER],
        "sts": "active",
        "jti": jwt_id,
    }
    if opened.organization is not None:
        found |= {"org_id": opened.organization.id, "org_slug": opened.organization.slug}
    return {name: value for name, value in found.items() if value is not None}


def sign(contents: dict[str, Any], signer: JwtSigner) -> str:
    """The JWT; takes most of a millisecond."""
    header = {"alg": _ALGORITHM, "typ": "JWT", "kid": signer.kid}
    return jwt.encode(header, contents, signer.key)
