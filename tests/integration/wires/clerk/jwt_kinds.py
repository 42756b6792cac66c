"""JWTs that are not what they seem, made from a right one."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.integration.wires.clerk.place import Place, claims_of, header_of
from understudy.core.ports import KeyUse
from understudy.keys.session_keys import SessionKeys, add_first, generate


def right(place: Place) -> str:
    """A JWT of a live session."""
    return str(place.exchanged()["jwt"])


def wrong(place: Place) -> dict[str, str]:
    """By what is wrong with them."""
    good = right(place)
    claims, header = claims_of(good), header_of(good)
    forger = RSAKey.import_key(RSAKey.generate_key(2048).as_dict(private=True))
    head, body, signature = good.split(".")
    ours = _signers(place)
    return {
        "forged": jwt.encode(header, claims, forger),
        "unsigned": f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "unsigned under our header": f"{head}.{body}.",
        "signed with the public key as a secret": _with_public_key(place, claims, header),
        "of another user": f"{head}.{_encoded(claims | {'sub': 'root'})}.{signature}",
        "without its actor": f"{head}.{_encoded({**claims, 'act': None})}.{signature}",
        "expired": jwt.encode(header, _aged(claims), ours["clerk_jwt"]),
        "another application's": _foreign(place, claims),
        "a native session JWT": _native(place),
        "signed with the native key": jwt.encode(header, claims, ours[KeyUse.SESSION_JWT]),
        "signed with the Stytch key": jwt.encode(header, claims, ours["stytch_jwt"]),
        "signed with the logout key": jwt.encode(header, claims, ours[KeyUse.LOGOUT]),
        "a ticket": place.ticket(),
        "a session token": str(place.exchanged()["session_token"]),
        "a secret key": place.tenant.secret,
    }


def _signers(place: Place) -> dict[str, RSAKey]:
    keys, application_id = SessionKeys(place.engine.vault), place.tenant.application.id
    found = {}
    for use in ("clerk_jwt", KeyUse.SESSION_JWT, "stytch_jwt", KeyUse.LOGOUT):
        _add_key(place, application_id, use)
        with place.engine.reading() as reader:
            found[use] = keys.signer(reader, application_id, place.clock(), use=use).key
    return found


def _add_key(place: Place, application_id: str, use: str) -> None:
    pair = generate()
    place.engine.run(lambda unit: add_first(unit, application_id, pair, use=use))


def _with_public_key(place: Place, claims: dict[str, Any], header: dict[str, Any]) -> str:
    pem = place.stranger.get(f"/clerk/apps/{place.tenant.application.id}/jwt-key.pem").content
    signed = f"{_encoded(header | {'alg': 'HS256'})}.{_encoded(claims)}"
    mac = hmac.digest(pem, signed.encode(), hashlib.sha256)
    return f"{signed}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _aged(claims: dict[str, Any]) -> dict[str, Any]:
    by = int(timedelta(minutes=2).total_seconds())
    return claims | {name: claims[name] - by for name in ("iat", "nbf", "exp")}


def _foreign(place: Place, claims: dict[str, Any]) -> str:
    keys, application_id = SessionKeys(place.engine.vault), place.other.application.id
    _add_key(place, application_id, "clerk_jwt")
    with place.engine.reading() as reader:
        found = keys.signer(reader, application_id, place.clock(), use="clerk_jwt")
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": found.kid}, claims, found.key)


def _native(place: Place) -> str:
    token = place.exchanged()["session_token"]
    auth = (place.tenant.application.id, place.tenant.secret)
    body = {"session_token": token, "jwt": True}
    answer = httpx.post(f"{place.base}/api/v1/sessions/refresh", json=body, auth=auth)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["session_jwt"])


def _encoded(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
