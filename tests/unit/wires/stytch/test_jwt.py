from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt as pyjwt
import pytest
from joserfc.jwk import RSAKey

from tests.unit.core import factories
from tests.unit.wires.stytch.opened import ISSUER, NOW, opened, session
from understudy.core.applications.application import Vertical
from understudy.core.people.principals import Actor
from understudy.keys.session_keys import JwtSigner
from understudy.wires.stytch.jwt import BACKDATED, LIFE, claims, is_compact, session_id, sign

KEY = RSAKey.generate_key(2048)
SIGNER = JwtSigner(kid="k1", key=KEY)
SESSION = "https://stytch.com/session"


def published(key: RSAKey = KEY, kid: str = "k1") -> dict[str, str]:
    members = key.as_dict(private=False)
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
            "n": str(members["n"]), "e": str(members["e"])}  # fmt: skip


def test_it_says_what_the_sdks_require() -> None:
    found = claims(opened(), issuer=ISSUER, now=NOW)
    begins = int((NOW - BACKDATED).timestamp())
    ends = begins + int(LIFE.total_seconds())
    assert (found["iss"], found["aud"], found["sub"]) == ("stytch.com/app_1", ["app_1"], "ada")
    assert (found["iat"], found["nbf"], found["exp"]) == (begins, begins, ends)
    assert found["exp"] - found["iat"] == 300
    assert found["https://stytch.com/organization"] == {"organization_id": "acme", "slug": "acme"}
    said = found[SESSION]
    assert (said["id"], said["roles"]) == ("ses_1", ["stytch_member", "member"])
    assert said["started_at"] == "2026-01-05T09:00:00Z"
    assert said["expires_at"] == "2026-01-05T09:30:00Z"
    assert said["attributes"] == {"ip_address": "", "user_agent": ""}
    (factor,) = said["authentication_factors"]
    assert (factor["type"], factor["delivery_method"]) == ("impersonated", "impersonation")
    assert "secret reason" not in str(found)


def test_a_users_jwt_has_no_organization() -> None:
    consumer = factories.application(vertical=Vertical.CONSUMER)
    found = claims(opened(application=consumer), issuer=ISSUER, now=NOW)
    assert "https://stytch.com/organization" not in found
    assert found[SESSION]["roles"] == ["stytch_user", "member"]


def test_none_is_issued_without_saying_who_acts() -> None:
    named = claims(opened(), issuer=ISSUER, now=NOW)["act"]
    assert named == {"iss": f"{ISSUER}/applications/app_1", "sub": "staff-7"}
    operator = Actor.from_operator(factories.operator())
    assert claims(opened(actor=operator), issuer=ISSUER, now=NOW)["act"] == {
        "iss": ISSUER,
        "sub": "opr_1",
    }


def test_it_ends_with_the_session_and_times_are_rounded_down() -> None:
    late = NOW + timedelta(minutes=28, milliseconds=900)
    ends = NOW + timedelta(minutes=30, milliseconds=700)
    seen = session(ends_at=ends, last_active_at=late)
    found = claims(opened(session=seen), issuer=ISSUER, now=late)
    assert found["exp"] == int(NOW.timestamp()) + 30 * 60
    assert found["iat"] == int(NOW.timestamp()) + 28 * 60 - 5
    assert found[SESSION]["expires_at"] == "2026-01-05T09:30:00Z"


def test_it_does_not_outlive_a_session_that_nobody_goes_on_with() -> None:
    hasty = session(idle_limit=timedelta(minutes=2))
    found = claims(opened(session=hasty), issuer=ISSUER, now=NOW)
    assert found["exp"] == int((NOW + timedelta(minutes=2)).timestamp())


def test_a_jwt_of_ours_tells_its_session_long_after_its_end() -> None:
    text = sign(claims(opened(), issuer=ISSUER, now=NOW - timedelta(days=1)), SIGNER)
    assert pyjwt.get_unverified_header(text) == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
    assert session_id(text, [published()], project_id="app_1") == "ses_1"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "stytch.com/app_2"},
        {"iss": "https://stytch.com/app_1"},
        {"aud": "app_1"},
        {"aud": ["app_1", "app_2"]},
        {"aud": ["app_2"]},
        {"aud": None},
        {SESSION: None},
        {SESSION: "ses_1"},
        {SESSION: {}},
        {SESSION: {"id": 7}},
    ],
)
def test_what_says_something_else_is_not_ours(change: dict[str, Any]) -> None:
    contents = claims(opened(), issuer=ISSUER, now=NOW) | change
    assert session_id(sign(contents, SIGNER), [published()], project_id="app_1") is None


def test_only_a_key_of_ours_counts() -> None:
    text = sign(claims(opened(), issuer=ISSUER, now=NOW), SIGNER)
    stranger = RSAKey.generate_key(2048)
    assert session_id(text, [], project_id="app_1") is None
    assert session_id(text, [published(stranger)], project_id="app_1") is None
    assert session_id(text, [published(stranger, "k0"), published()], project_id="app_1") == "ses_1"


@pytest.mark.parametrize("header", [{"typ": "at+jwt"}, {"typ": None}, {"jku": "https://x.example"}])
def test_a_header_that_says_more_or_less_is_not_ours(header: dict[str, str | None]) -> None:
    contents = claims(opened(), issuer=ISSUER, now=NOW)
    pem = KEY.as_pem(private=True)
    text = pyjwt.encode(contents, pem, algorithm="RS256", headers={"kid": "k1", **header})
    assert session_id(text, [published()], project_id="app_1") is None


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        ("a.b.c", True),
        ("a.b.", False),
        ("a.b", False),
        ("a.b.c.d", False),
        ("a.b.c\n", False),
        ("a.b.c=", False),
        ("", False),
    ],
)
def test_a_jwt_has_three_parts(text: str, compact: bool) -> None:
    assert is_compact(text) is compact
