from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import jwt as pyjwt
import pytest
from joserfc.jwk import RSAKey

from tests.fixtures.engine import START
from tests.unit.wires.clerk.values import CLAIMS, ISSUER, OPENED
from understudy.core.ids import OrganizationId, OrganizationRef
from understudy.core.people.principals import Organization, Status
from understudy.flows.impersonation.open_session import OpenSession
from understudy.keys.session_keys import JwtSigner
from understudy.wires.clerk.jwt import LIFE, claims, sign


def said(opened: OpenSession = OPENED, now: datetime = START, **changes: Any) -> dict[str, Any]:
    known = {"issuer": ISSUER, "authorized_party": "https://app.example", "jwt_id": "jti"}
    return claims(opened, now=now, **{**known, **changes})


def test_the_claims_are_these_and_no_others() -> None:
    issued = int(START.timestamp())
    assert said() == {
        "iss": ISSUER,
        "sub": "ada",
        "sid": "sess_1",
        "act": CLAIMS,
        "azp": "https://app.example",
        "iat": issued,
        "nbf": issued - 10,
        "exp": issued + 60,
        "fva": [-1, -1],
        "sts": "active",
        "jti": "jti",
    }


def test_an_organization_is_named_by_id_and_slug() -> None:
    organization = Organization(
        application_id="app_1",
        id=OrganizationId("acme"),
        ref=OrganizationRef("org_1"),
        name="Acme",
        status=Status.ACTIVE,
        created_at=START,
        updated_at=START,
    )
    named = said(replace(OPENED, organization=organization))
    assert named["org_id"] == "acme"
    assert "org_slug" not in named
    slugged = replace(OPENED, organization=replace(organization, slug="acme-inc"))
    assert said(slugged)["org_slug"] == "acme-inc"


def test_an_app_without_an_address_has_no_authorized_party() -> None:
    assert "azp" not in said(authorized_party=None)


@pytest.mark.parametrize(
    ("after", "life", "lives"),
    [
        (timedelta(), LIFE, 60),
        (timedelta(), timedelta(seconds=20), 20),
        (timedelta(), timedelta(hours=1), 60),
        (timedelta(minutes=29, seconds=30), LIFE, 30),
        (timedelta(minutes=29, seconds=59.5), LIFE, 1),
    ],
)
def test_it_ends_with_its_minute_its_life_or_its_session(
    after: timedelta, life: timedelta, lives: int
) -> None:
    found = said(now=START + after, life=life)
    assert found["exp"] - found["iat"] == lives
    assert found["exp"] <= OPENED.session.ends_at.timestamp()


def test_it_verifies_under_its_key_as_a_plain_jwt() -> None:
    key = RSAKey.generate_key(2048)
    token = sign(said(), JwtSigner(kid="kid_1", key=key))
    assert pyjwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "kid_1"}
    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    pem = key.as_pem(private=False)
    assert pyjwt.decode(token, pem, algorithms=["RS256"], options=options) == said()
