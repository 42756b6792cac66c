"""The logout token: tells a relying party that a session is over (OpenID Back-Channel Logout 1.0).

It carries no ``nonce``, so that nobody can take it for an ID token, and has a key of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from joserfc import jwt

from understudy.core.ids import SessionId, SubjectId
from understudy.core.ports import KeyUse
from understudy.flows.notices.messages import Outgoing
from understudy.http.nonces import new_jwt_id
from understudy.http.wires import Ended
from understudy.keys.session_keys import JwtSigner

LIFE = timedelta(minutes=2)
"""How long a logout token may be presented (section 2.4 recommends two minutes at most)."""
EVENT = "http://schemas.openid.net/event/backchannel-logout"
MEDIA_TYPE = "application/x-www-form-urlencoded"
_ALGORITHM = "RS256"
_TYPE = "logout+jwt"


def logout(ended: Ended) -> Outgoing | None:
    """The request to the application's logout URL; None where there is none, or no session."""
    url = ended.application.settings.logout_url
    session_id = (ended.entry.core or {}).get("session_id")
    if url is None or session_id is None:
        return None
    subject_id = (ended.entry.personal or {}).get("subject_id")
    contents = claims(
        issuer=ended.issuer,
        application_id=ended.application.id,
        subject_id=None if subject_id is None else SubjectId(str(subject_id)),
        session_id=SessionId(str(session_id)),
        now=ended.now,
        jwt_id=new_jwt_id(),
    )
    return Outgoing(
        url=url,
        headers={"Content-Type": MEDIA_TYPE},
        body=form(sign(contents, ended.signer(KeyUse.LOGOUT))),
        # What it says, not the token itself: that would be good for two minutes.
        shown=msgspec.json.encode(contents).decode(),
    )


def claims(
    *,
    issuer: str,
    application_id: str,
    subject_id: SubjectId | None,
    session_id: SessionId,
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
