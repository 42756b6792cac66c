from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.fixtures.engine import START
from tests.unit.keys.test_jwt import ISSUER, opened
from understudy.core.ids import SessionId
from understudy.core.ports import KeyUse, Reader, SigningKey, Vault
from understudy.keys import session_keys as keys_module
from understudy.keys.jwt import claims, sign
from understudy.keys.session_keys import JwtSigner, SessionKeys
from understudy.wires.oauth.verify import LEEWAY, LONGEST_LIFE_SECONDS, SessionJwt, verified

PAIR = keys_module.generate()
OTHER_PAIR = keys_module.generate()
NOW = START + timedelta(seconds=10)
IAT = int(START.timestamp())


class NoVault:
    """Nothing is opened here."""


@dataclass(frozen=True, kw_only=True)
class OneKey:
    """The part of a reader that is looked at: one key of ``app_1``."""

    key: SigningKey

    @property
    def signing_keys(self) -> OneKey:
        return self

    def of(self, use: str, application_id: str | None = None) -> Sequence[SigningKey]:
        ours = (self.key.use, self.key.application_id) == (use, application_id)
        return (self.key,) if ours else ()


STORED = SigningKey(
    id="key_1",
    use=KeyUse.SESSION_JWT,
    application_id="app_1",
    public=PAIR.public,
    private_encrypted=b"",
    created_at=START,
    signs_from=START,
)


def _private(pair: keys_module.KeyPair) -> RSAKey:
    return RSAKey.import_key(pair.private)


KEY = _private(PAIR)
KID = RSAKey.import_key(PAIR.public).thumbprint()


def said(**changes: Any) -> dict[str, Any]:
    contents = claims(opened(), issuer=ISSUER, now=START, jwt_id="jti-1") | changes
    return {name: value for name, value in contents.items() if value is not ...}


def signed(contents: dict[str, Any], **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "typ": "at+jwt", "kid": KID} | header, contents, KEY)


def verify(text: str, *, stored: SigningKey = STORED, **changes: Any) -> SessionJwt | None:
    reader: Reader = OneKey(key=stored)  # type: ignore[assignment]
    vault: Vault = NoVault()  # type: ignore[assignment]
    given: dict[str, Any] = {"issuer": ISSUER, "application_id": "app_1", "now": NOW} | changes
    return verified(text, reader=reader, keys=SessionKeys(vault), **given)


def test_our_own_is_known_again() -> None:
    text = sign(said(), JwtSigner(kid=KID, key=KEY))
    assert verify(text) == SessionJwt(claims=said(), session_id=SessionId("ses_1"), expired=False)


@pytest.mark.parametrize(("seconds", "expired"), [(299, False), (300, True), (3000, True)])
def test_it_is_expired_at_its_very_second(seconds: int, expired: bool) -> None:
    found = verify(signed(said()), now=START + timedelta(seconds=seconds))
    assert found is not None
    assert found.expired is expired


@pytest.mark.parametrize(
    "changes",
    [
        {"act": ...},
        {"act": {}},
        {"act": {"iss": ISSUER}},
        {"act": {"iss": ISSUER, "sub": ""}},
        {"act": {"iss": ISSUER, "sub": 1}},
        {"act": {"iss": ISSUER, "sub": "opr_1", "act": {"sub": "opr_2"}}},
        {"act": "opr_1"},
        {"act": ["opr_1"]},
        {"iss": ISSUER + "/"},
        {"iss": ISSUER.upper()},
        {"iss": ...},
        {"aud": "app_2"},
        {"aud": ["app_1"]},
        {"aud": ["app_1", "app_2"]},
        {"aud": ...},
        {"client_id": "app_2"},
        {"client_id": ...},
        {"sub": ""},
        {"sub": ...},
        {"sid": ...},
        {"sid": 7},
        {"jti": ...},
        {"scope": ...},
        {"iat": ...},
        {"exp": ...},
        {"exp": True},
        {"exp": str(IAT + 300)},
        {"exp": IAT + 300.5},
        {"exp": IAT},
        {"exp": IAT + LONGEST_LIFE_SECONDS + 1},
        {"nbf": IAT + 3600},
        {"nbf": "now"},
        {"cnf": {"jkt": "x"}},
    ],
)
def test_one_claim_that_is_not_ours_is_enough_to_refuse(changes: dict[str, Any]) -> None:
    assert verify(signed(said(**changes))) is None


def test_clocks_of_two_nodes_may_differ_a_little() -> None:
    assert verify(signed(said()), now=START - LEEWAY) is not None
    assert verify(signed(said()), now=START - LEEWAY - timedelta(seconds=1)) is None


@pytest.mark.parametrize("typ", ["JWT", "logout+jwt", "understudy-subject+jwt"])
def test_another_kind_is_refused(typ: str) -> None:
    assert verify(signed(said(), typ=typ)) is None


@pytest.mark.parametrize("kid", ["unknown", "../key", "k" * 65])
def test_a_key_that_is_not_ours_is_not_looked_for(kid: str) -> None:
    assert verify(signed(said(), kid=kid)) is None


def test_a_signature_of_another_key_under_our_kid_is_refused() -> None:
    header = {"alg": "RS256", "typ": "at+jwt", "kid": KID}
    assert verify(jwt.encode(header, said(), _private(OTHER_PAIR))) is None


def test_another_algorithm_of_the_right_key_is_refused() -> None:
    header = {"alg": "PS256", "typ": "at+jwt", "kid": KID}
    assert verify(jwt.encode(header, said(), KEY, algorithms=["PS256"])) is None


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    message = f"{_part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': KID})}.{_part(said())}"
    for secret in (PAIR.public, RSAKey.import_key(PAIR.public).as_pem(private=False)):
        digest = hmac.digest(secret, message.encode(), hashlib.sha256)
        signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert verify(f"{message}.{signature}") is None


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_no_signature_is_no_signature(alg: str) -> None:
    message = f"{_part({'alg': alg, 'typ': 'at+jwt', 'kid': KID})}.{_part(said())}"
    assert verify(f"{message}.") is None
    assert verify(f"{message}.AA") is None


def test_a_changed_claim_does_not_verify() -> None:
    header, _, signature = signed(said()).split(".")
    assert verify(f"{header}.{_part(said(sub='root'))}.{signature}") is None


def test_keys_of_another_use_application_or_time_do_not_verify() -> None:
    text = signed(said())
    for stored in (
        replace(STORED, use=KeyUse.LOGOUT),
        replace(STORED, use="stytch_jwt"),
        replace(STORED, application_id="app_2"),
        replace(STORED, retired_at=NOW),
    ):
        assert verify(text, stored=stored) is None
    assert verify(text, stored=replace(STORED, retired_at=NOW + timedelta(seconds=1))) is not None


def test_another_application_or_issuer_sees_nothing_in_it() -> None:
    text = signed(said())
    assert verify(text, stored=replace(STORED, application_id="app_2"), application_id="app_2") is (
        None
    )
    assert verify(text, issuer="https://elsewhere.example") is None
