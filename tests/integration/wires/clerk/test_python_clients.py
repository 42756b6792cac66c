"""The official Python SDK against the service: nothing is set but URL and key."""

from __future__ import annotations

import pytest
from clerk_backend_api import Clerk, models
from clerk_backend_api.security import VerifyTokenOptions, verify_token
from clerk_backend_api.security.types import AuthenticateRequestOptions, TokenVerificationError

from tests.integration.wires.clerk.place import ACTOR, APP, Place, claims_of, header_of


class Request:
    """As much of a request as the SDK looks at."""

    def __init__(self, **headers: str) -> None:
        self.headers = headers


def _create(sdk: Clerk, **changes: object) -> models.ActorToken:
    request = {"user_id": "ada", "actor": ACTOR} | changes
    made = sdk.actor_tokens.create(request=request)  # type: ignore[arg-type]
    assert made is not None
    return made


def test_an_actor_token_is_made(place: Place) -> None:
    with place.sdk() as sdk:
        made = _create(sdk)
    assert made.status == models.ActorTokenStatus.PENDING
    assert made.user_id == "ada"
    assert made.id.startswith("act_")
    assert isinstance(made.token, str)
    assert made.url == f"{place.base}/clerk/v1/tickets/accept?ticket={made.token}"
    assert made.token.count(".") == 0


def test_the_session_of_a_ticket_shows_both_people(place: Place) -> None:
    with place.sdk() as sdk:
        found = place.exchanged(_create(sdk).token or "")
        listed = sdk.sessions.list(user_id="ada", status="active")
        got = sdk.sessions.get(session_id=found["session"]["id"])
    assert listed is not None
    assert got is not None
    assert [session.id for session in listed] == [got.id] == [found["session"]["id"]]
    assert got.user_id == "ada"
    assert got.status == models.Status.ACTIVE
    assert found["session"]["actor"] == ACTOR


def test_a_jwt_is_verified_locally_by_pem_and_by_jwks(place: Place) -> None:
    jwt = place.exchanged()["jwt"]
    pem = place.stranger.get(f"/clerk/apps/{place.tenant.application.id}/jwt-key.pem").text
    by_pem = verify_token(jwt, VerifyTokenOptions(jwt_key=pem))
    by_jwks = verify_token(
        jwt, VerifyTokenOptions(secret_key=place.tenant.secret, api_url=place.api)
    )
    assert by_pem == by_jwks == claims_of(jwt)
    assert by_pem["act"] == ACTOR
    assert by_pem["sub"] == "ada"
    assert by_pem["azp"] == APP
    assert "aud" not in by_pem
    assert by_pem["exp"] - by_pem["iat"] == 60
    assert header_of(jwt)["typ"] == "JWT"


def test_a_request_with_the_jwt_is_signed_in_and_names_the_actor(place: Place) -> None:
    jwt = place.exchanged()["jwt"]
    pem = place.stranger.get(f"/clerk/apps/{place.tenant.application.id}/jwt-key.pem").text
    options = AuthenticateRequestOptions(jwt_key=pem, authorized_parties=[APP])
    with place.sdk() as sdk:
        state = sdk.authenticate_request(Request(Authorization=f"Bearer {jwt}"), options)
    assert state.is_signed_in, state.message
    assert state.payload is not None
    assert state.payload["act"] == ACTOR
    auth = state.to_auth()
    assert auth.user_id == "ada"
    assert auth.claims["act"] == ACTOR


def test_a_ticket_works_once(place: Place) -> None:
    ticket = place.ticket()
    place.exchanged(ticket)
    again = place.http.post("/tickets/exchange", json={"ticket": ticket})
    assert again.status_code == 400
    assert again.json()["errors"][0]["code"] == "actor_token_already_used_code"


def test_a_revoked_session_yields_no_more_tokens(place: Place) -> None:
    session_id = place.exchanged()["session"]["id"]
    with place.sdk() as sdk:
        token = sdk.sessions.create_token(session_id=session_id)
        assert token is not None
        assert claims_of(token.jwt or "")["act"] == ACTOR
        revoked = sdk.sessions.revoke(session_id=session_id)
        assert revoked is not None
        assert revoked.status == models.Status.REVOKED
        with pytest.raises(models.ClerkErrors) as refused:
            sdk.sessions.create_token(session_id=session_id)
    assert refused.value.data.errors[0].code == "resource_not_found"


def test_an_expired_jwt_is_refused(place: Place) -> None:
    jwt = place.exchanged()["jwt"]
    options = VerifyTokenOptions(
        secret_key=place.tenant.secret, api_url=place.api, clock_skew_in_ms=-61_000
    )
    with pytest.raises(TokenVerificationError):
        verify_token(jwt, options)


async def test_the_asynchronous_client_is_answered_alike(place: Place) -> None:
    async with place.sdk() as sdk:
        made = await sdk.actor_tokens.create_async(request={"user_id": "ada", "actor": ACTOR})
        assert made is not None
        session_id = place.exchanged(made.token)["session"]["id"]
        revoked = await sdk.sessions.revoke_async(session_id=session_id)
        assert revoked is not None
        with pytest.raises(models.ClerkErrors):
            await sdk.sessions.create_token_async(session_id=session_id)
    assert revoked.status == models.Status.REVOKED
