"""Forged, expired, foreign and swapped JWTs: both SDKs take the right one and no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from clerk_backend_api.security import VerifyTokenOptions, verify_token
from clerk_backend_api.security.types import TokenVerificationError

from tests.fixtures.node import run_client
from tests.integration.wires.clerk import jwt_kinds
from tests.integration.wires.clerk import place as places
from tests.integration.wires.clerk.place import ACTOR, Place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One service for all of this: verifying changes nothing."""
    with places.place(tmp_path_factory.mktemp("jwts")) as found:
        yield found


@pytest.fixture(scope="module")
def wrong(place: Place) -> dict[str, str]:
    """JWTs that nobody shall take."""
    return jwt_kinds.wrong(place)


@pytest.fixture(scope="module")
def pem(place: Place) -> str:
    """The application's public key."""
    return place.stranger.get(f"/clerk/apps/{place.tenant.application.id}/jwt-key.pem").text


def test_python_takes_the_right_jwt_only(place: Place, wrong: dict[str, str], pem: str) -> None:
    by_jwks = VerifyTokenOptions(secret_key=place.tenant.secret, api_url=place.api)
    for options in (by_jwks, VerifyTokenOptions(jwt_key=pem)):
        assert verify_token(jwt_kinds.right(place), options)["act"] == ACTOR
        for what, token in wrong.items():
            with pytest.raises(TokenVerificationError):
                pytest.fail(f"{what}: {verify_token(token, options)}")


def test_node_takes_the_right_jwt_only(place: Place, wrong: dict[str, str], pem: str) -> None:
    given: dict[str, Any] = {
        "apiUrl": place.api,
        "publishableKey": place.publishable_key,
        "secretKey": place.tenant.secret,
        "actor": ACTOR,
        "pem": pem,
        "others": {**wrong, "right": jwt_kinds.right(place)},
    }
    seen = run_client("clerk_backend.mjs", given)
    for found in (dict(seen["others"]), dict(seen["othersByPem"])):
        assert found.pop("right")["status"] == "signed-in"
        assert {what: state["status"] for what, state in found.items()} == dict.fromkeys(
            wrong, "signed-out"
        )


def test_the_keys_of_this_wire_are_its_own(place: Place) -> None:
    application_id = place.tenant.application.id
    ours = place.http.get("/jwks").json()["keys"]
    public = place.stranger.get(f"/clerk/apps/{application_id}/.well-known/jwks.json").json()
    native = place.stranger.get(f"/.well-known/jwks.json?application_id={application_id}").json()
    other = place.stranger.get(
        f"/clerk/apps/{place.other.application.id}/.well-known/jwks.json"
    ).json()
    assert public["keys"] == ours
    (key,) = ours
    assert (key["kty"], key["alg"], key["use"], key["e"]) == ("RSA", "RS256", "sig", "AQAB")
    for others in (native["keys"], other["keys"]):
        assert key["kid"] not in {found["kid"] for found in others}
