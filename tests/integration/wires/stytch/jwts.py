"""JWTs that look like a session's and are not one of this wire and this project."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import RSAKey

from tests.integration.wires.stytch.place import Place, Project
from understudy.core.ports import KeyUse
from understudy.keys.session_keys import SessionKeys

SESSION = "https://stytch.com/session"


def forged(place: Place, genuine: str, project: Project) -> dict[str, str]:
    """One JWT of every kind that must not pass, made from a ``genuine`` one."""
    header, claims, _ = (part for part in genuine.split("."))
    kid, contents = _json(header)["kid"], _json(claims)
    stranger = RSAKey.generate_key(2048)
    native = place.signer(project, KeyUse.SESSION_JWT)
    clerk = place.signer(project, "clerk_jwt")
    own = place.signer(project, "stytch_jwt")
    other = place.signer(place.other, "stytch_jwt")
    signature = genuine.rpartition(".")[2]
    longer = contents | {"exp": contents["exp"] + 3600}
    return {
        "another key under our kid": _signed(contents, stranger, kid),
        "another key in its header": _signed(
            contents, stranger, kid, jwk=stranger.as_dict(private=False)
        ),
        "a key nobody knows": _signed(contents, stranger, "unknown"),
        "claims changed": ".".join((header, _text(json.dumps(longer).encode()), signature)),
        "no signature": ".".join((_text(b'{"alg":"none","typ":"JWT"}'), claims, "")),
        "the public key as a secret": _by_public_key(place, project, kid, claims),
        "the native key": _signed(contents, native.key, native.kid),
        "the native kind": _signed(contents, native.key, native.kid, typ="at+jwt"),
        "the other wire's key": _signed(contents, clerk.key, clerk.kid),
        "another project's": _signed(_of(place.other, contents), other.key, other.kid),
        "our project, another's key": _signed(contents, other.key, other.kid),
        "our key, another project": _signed(_of(place.other, contents), own.key, own.kid),
        "our key, another kind": _signed(contents, own.key, own.kid, typ="at+jwt"),
        "our key, an unknown session": _signed(
            contents | {SESSION: contents[SESSION] | {"id": "ses_unknown"}}, own.key, own.kid
        ),
        "our key, a critical header": _signed(
            contents, own.key, own.kid, crit=["extra"], extra=True
        ),
    }


LOCALLY_GENUINE = frozenset({"our key, an unknown session", "our key, another kind"})
"""What nobody but us can sign; whether it says the truth an SDK cannot tell by itself."""


def _of(project: Project, contents: dict[str, Any]) -> dict[str, Any]:
    return contents | {"iss": f"stytch.com/{project.id}", "aud": [project.id]}


def _signed(
    contents: dict[str, Any], key: RSAKey, kid: str, typ: str = "JWT", **header: Any
) -> str:
    """A compact JWT as any header may have it: libraries refuse to write some of them."""
    parts = ({"alg": "RS256", "kid": kid, "typ": typ, **header}, contents)
    signed = ".".join(_text(json.dumps(part).encode()) for part in parts)
    private = load_pem_private_key(key.as_pem(private=True), password=None)
    assert isinstance(private, RSAPrivateKey)
    return f"{signed}.{_text(private.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _by_public_key(place: Place, project: Project, kid: str, claims: str) -> str:
    """HS256 keyed with what everybody may read (RFC 8725, section 2.1)."""
    with place.engine.reading() as reader:
        (published,) = SessionKeys(place.engine.vault).published(
            reader, [project.id], place.clock(), use="stytch_jwt"
        )
    pem = RSAKey.import_key(dict(published)).as_pem(private=False)
    header = _text(json.dumps({"alg": "HS256", "kid": kid, "typ": "JWT"}).encode())
    digest = hmac.new(pem, f"{header}.{claims}".encode(), hashlib.sha256).digest()
    return f"{header}.{claims}.{_text(digest)}"


def _json(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
