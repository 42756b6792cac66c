from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

import jwt as pyjwt
from joserfc.jwk import RSAKey

from understudy.core.ids import SessionId, SubjectId
from understudy.keys.session_keys import JwtSigner
from understudy.wires.oauth import logout

NOW = datetime(2026, 11, 22, 9, 30, 0, 999_000, tzinfo=UTC)
ISSUED = 1795339800


def claims(subject_id: str | None = "ada") -> dict[str, object]:
    return logout.claims(
        issuer="https://understudy.example",
        application_id="app_1",
        subject_id=None if subject_id is None else SubjectId(subject_id),
        session_id=SessionId("ses_1"),
        now=NOW,
        jwt_id="jti-1",
    )


def test_the_token_says_whose_session_is_over_for_two_minutes() -> None:
    assert claims() == {
        "iss": "https://understudy.example",
        "aud": "app_1",
        "iat": ISSUED,
        "exp": ISSUED + 120,
        "jti": "jti-1",
        "sid": "ses_1",
        "sub": "ada",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }


def test_somebody_who_was_erased_is_not_named() -> None:
    assert "sub" not in claims(None)


def test_the_token_is_of_a_type_of_its_own_and_verifies() -> None:
    key = RSAKey.generate_key(2048)
    token = logout.sign(claims(), JwtSigner(kid="key-1", key=key))
    assert pyjwt.get_unverified_header(token) == {
        "alg": "RS256",
        "typ": "logout+jwt",
        "kid": "key-1",
    }
    public = pyjwt.PyJWK(dict(key.as_dict(private=False)), algorithm="RS256").key
    options = {"verify_exp": False, "verify_iat": False}
    read = pyjwt.decode(token, public, algorithms=["RS256"], audience="app_1", options=options)  # type: ignore[arg-type]
    assert read == claims()


def test_it_travels_as_a_form() -> None:
    assert parse_qs(logout.form("a.b-c_d").decode()) == {"logout_token": ["a.b-c_d"]}
