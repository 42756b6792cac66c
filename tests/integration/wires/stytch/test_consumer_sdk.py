"""The official Python SDK for consumer projects, as it comes from its registry."""

from __future__ import annotations

from typing import Any

import pytest
from stytch import Client
from stytch.consumer.models.sessions import AuthorizationCheck
from stytch.core.response_base import StytchError

from tests.integration.wires.stytch.place import ACTOR, Place
from tests.integration.wires.stytch.test_b2b_sdk import refusal

# The SDK itself uses what its own dependencies have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_a_token_becomes_a_session_of_the_user(place: Place) -> None:
    sdk = place.sdk()
    answer = sdk.impersonation.authenticate(place.token(place.consumer))
    assert answer.user_id == "ada"
    assert answer.user.emails[0].email == "ada@acme.example"
    assert answer.user.name is not None
    assert (answer.user.name.first_name, answer.user.name.last_name) == ("Ada", "Lovett")
    assert answer.session is not None
    assert answer.session.roles == ["stytch_user", "billing"]
    (factor,) = answer.session.authentication_factors
    assert factor.type.value == "impersonated"
    assert factor.impersonated_factor is not None
    assert factor.impersonated_factor.impersonator_email_address == ACTOR["email"]


def test_a_session_goes_its_way_as_in_the_other_vertical(place: Place) -> None:
    sdk = place.sdk()
    token = place.token(place.consumer)
    began = sdk.impersonation.authenticate(token)
    assert began.session is not None
    by_token = sdk.sessions.authenticate(
        session_token=began.session_token, session_duration_minutes=1000
    )
    by_jwt = sdk.sessions.authenticate(session_jwt=began.session_jwt)
    assert by_token.session == by_jwt.session == began.session
    assert by_jwt.session_token == began.session_token
    assert sdk.sessions.get("ada").sessions == [began.session]
    with pytest.raises(StytchError) as raised:
        sdk.impersonation.authenticate(token)
    assert refusal(raised) == (401, "unable_to_auth_impersonation_token")
    sdk.sessions.revoke(session_id=began.session.session_id)
    over: list[dict[str, Any]] = [
        {"session_token": began.session_token},
        {"session_jwt": began.session_jwt},
    ]
    for names in over:
        with pytest.raises(StytchError) as raised:
            sdk.sessions.authenticate(**names)
        assert refusal(raised) == (404, "session_not_found")
    assert sdk.sessions.get("ada").sessions == []


def test_a_jwt_is_checked_without_a_call_to_the_service(place: Place) -> None:
    sdk = place.sdk()
    began = sdk.impersonation.authenticate(place.token(place.consumer))
    local = sdk.sessions.authenticate_jwt_local(began.session_jwt)
    assert local is not None
    assert began.session is not None
    assert local.session_id == began.session.session_id
    assert local.authentication_factors == began.session.authentication_factors
    allowed = AuthorizationCheck(resource_id="notes", action="read")
    assert sdk.sessions.authenticate_jwt_local(began.session_jwt, authorization_check=allowed)
    refused = AuthorizationCheck(resource_id="notes", action="delete")
    with pytest.raises(ValueError, match="denied"):
        sdk.sessions.authenticate_jwt_local(began.session_jwt, authorization_check=refused)
    with pytest.raises(StytchError) as raised:
        sdk.sessions.authenticate(session_token=began.session_token, authorization_check=refused)
    assert refusal(raised) == (403, "consumer_session_authorization_error")


async def test_the_same_client_works_asynchronously(place: Place) -> None:
    async with place.sdk() as sdk:
        assert isinstance(sdk, Client)
        began = await sdk.impersonation.authenticate_async(place.token(place.consumer))
        again = await sdk.sessions.authenticate_async(session_jwt=began.session_jwt)
        assert again.user == began.user


def test_the_project_and_its_roles_are_told(place: Place) -> None:
    assert place.call("GET", "/v1/debug/whoami", place.consumer).json()["name"] == "Notes"
    policy = place.sdk().rbac.policy().policy
    assert policy is not None
    assert [role.role_id for role in policy.roles] == ["stytch_member", "owner", "stytch_user"]
    actions = {one.resource_id: one.actions for one in policy.resources}
    assert actions == {"invoices": ["read"], "notes": ["read"]}
