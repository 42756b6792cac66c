"""The logout token: tells a relying party that a session is over (OpenID Back-Channel Logout 1.0).

It carries no ``nonce``, so that nobody can take it for an ID token, and has a key of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt

from understudy.keys.session_keys import JwtSigner

LIFE = timedelta(minutes=2)
"""How long a logout token may be presented (section 2.4 recommends two minutes at most)."""
EVENT = "http://schemas.openid.net/event/backchannel-logout"
MEDIA_TYPE = "application/x-www-form-urlencoded"
_ALGORITHM = "RS256"
_TYPE = "logout+jwt"


def claims(
    *,
    issuer: str,
    application_id: str,
    subject_id: str | None,
    session_id: str,
    now: datetime,
    jwt_id: str,
) -> dict[str, Any]:
    """What the token says (section 2.4). ``sub`` is missing once the person was erased."""
    issued = int(now.timestamp())
    found: dict[str, Any] = {
        "iss": issuer,
        "aud": application_id,
        "iat": issued,
        "exp": issued + int(LIFE.total_seconds()),
        "jti": jwt_id,
        "sid": session_id,
        "events": {EVENT: {}},
    }
    return found if subject_id is None else found | {"sub": subject_id}


def sign(contents: dict[str, Any], signer: JwtSigner) -> str:
    """The token."""
    header = {"alg": _ALGORITHM, "typ": _TYPE, "kid": signer.kid}
    return jwt.encode(header, contents, signer.key)


def form(token: str) -> bytes:
    """The body of the request that carries ``token`` (section 2.5)."""
    return urlencode({"logout_token": token}).encode()
