"""The session JWT as the SDKs verify it: five minutes long, signed with a key of this wire alone.

It stays readable past its end: a client may present it for as long as the session lives, and gets a
fresh one. So nothing here looks at ``exp``; whether the session lives is for the flows to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from understudy.core.applications.application import Vertical
from understudy.core.ids import SessionId
from understudy.flows.impersonation.open_session import OpenSession
from understudy.keys.session_keys import JwtSigner, PublicJwk
from understudy.wires.stytch import objects

KEY_USE = "stytch_jwt"
"""What the keys of this wire sign, and no others do."""
LIFE = timedelta(minutes=5)
"""How long a JWT lives at most; never beyond the session's own end, nor its idle end."""
BACKDATED = timedelta(seconds=5)
"""The SDKs allow no leeway: a client whose clock is a little behind would decline a fresh JWT."""

_LIFE_SECONDS = int(LIFE.total_seconds())
_ALGORITHM = "RS256"
_TYPE = "JWT"
_SESSION = "https://stytch.com/session"
_ORGANIZATION = "https://stytch.com/organization"
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADERS = frozenset({"alg", "kid", "typ"})


def claims(opened: OpenSession, *, issuer: str, now: datetime) -> dict[str, Any]:
    """What the JWT of ``opened`` says. Members have an organization in it, users have not."""
    session, grant, subject = opened.session, opened.grant, opened.subject
    project = opened.application.id
    issued = int((now - BACKDATED).timestamp())
    found: dict[str, Any] = {
        "iss": f"stytch.com/{project}",
        "aud": [project],
        "sub": subject.id,
        "iat": issued,
        "nbf": issued,
        # Of the issued time, as the sample's: a client that counts finds the length it knows.
        "exp": min(issued + _LIFE_SECONDS, int(min(session.ends_at, session.idle_at).timestamp())),
        "act": objects.act(grant, issuer),
        _SESSION: {
            "id": session.id,
            "started_at": objects.instant(session.started_at),
            "last_accessed_at": objects.instant(session.last_active_at),
            "expires_at": objects.instant(session.ends_at),
            "attributes": {"ip_address": "", "user_agent": ""},
            "roles": objects.user_roles(subject),
            "authentication_factors": [objects.factor(session, grant)],
        },
    }
    organization = opened.organization
    if opened.application.vertical is Vertical.B2B and organization is not None:
        found[_SESSION]["roles"] = objects.member_roles(subject)
        found[_ORGANIZATION] = {
            "organization_id": organization.id,
            "slug": objects.slug_of(organization),
        }
    return found


def sign(contents: Mapping[str, Any], signer: JwtSigner) -> str:
    """The JWT; takes most of a millisecond."""
    header = {"alg": _ALGORITHM, "typ": _TYPE, "kid": signer.kid}
    return jwt.encode(header, dict(contents), signer.key)


def is_compact(token: str) -> bool:
    """True when ``token`` has the three parts of a signed JWT (RFC 7515, section 3.1)."""
    return _COMPACT.fullmatch(token) is not None


def session_id(token: str, keys: Sequence[PublicJwk], *, project_id: str) -> SessionId | None:
    """The session that a JWT of ``project_id`` is about, expired or not; None when it is not ours.

    ``keys`` are those of this wire and this project: what any other key signed is a stranger's.
    """
    contents = _verified(token, keys)
    if contents is None or contents.get("iss") != f"stytch.com/{project_id}":
        return None
    session = contents.get(_SESSION)
    found = session.get("id") if isinstance(session, dict) else None
    if contents.get("aud") != [project_id] or not isinstance(found, str):
        return None
    return SessionId(found)


def _verified(token: str, keys: Sequence[PublicJwk]) -> dict[str, Any] | None:
    try:
        key_set = KeySet.import_key_set({"keys": [dict(key) for key in keys]})
        signed = jws.deserialize_compact(token, key_set, algorithms=[_ALGORITHM])
        contents = json.loads(signed.payload)
    except (JoseError, ValueError):
        return None
    header = signed.headers()
    # Nothing in the header may choose another key or another meaning (RFC 8725, section 3).
    plain = set(header) == _HEADERS and header.get("typ") == _TYPE
    return contents if plain and isinstance(contents, dict) else None
