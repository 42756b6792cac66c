"""The official Python SDK for B2B projects, as it comes from its registry."""

from __future__ import annotations

from typing import Any

import pytest
from stytch import B2BClient
from stytch.b2b.models.sessions import AuthorizationCheck
from stytch.core.response_base import StytchError

from tests.integration.wires.stytch.place import ACTOR, Place
from understudy.core.notices.events import EventType

# The SDK itself uses what its own dependencies have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def refusal(raised: pytest.ExceptionInfo[StytchError]) -> tuple[int, str | None]:
    details = raised.value.details
    assert details.request_id
    assert details.error_message
    return details.status_code, details.error_type


def test_a_token_becomes_a_session_with_the_one_impersonated_factor(place: Place) -> None:
    sdk = place.b2b_sdk()
    answer = sdk.impersonation.authenticate(place.token())
    assert (answer.status_code, answer.member_id, answer.organization_id) == (200, "ada", "acme")
    assert answer.member_authenticated
    assert answer.intermediate_session_token == ""
    assert answer.member.email_address == "ada@acme.example"
    assert [role.role_id for role in answer.member.roles] == ["stytch_member", "billing"]
    assert answer.organization.organization_slug == "acme"
    session = answer.member_session
    assert session is not None
    assert session.roles == ["stytch_member", "billing"]
    (factor,) = session.authentication_factors
    assert (factor.type.value, factor.delivery_method.value) == ("impersonated", "impersonation")
    assert factor.impersonated_factor is not None
    assert factor.impersonated_factor.impersonator_id == ACTOR["id"]
    assert factor.impersonated_factor.impersonator_email_address == ACTOR["email"]


def test_a_session_is_found_again_by_its_token_and_by_its_jwt(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    for again in (
        sdk.sessions.authenticate(session_token=began.session_token),
        sdk.sessions.authenticate(session_jwt=began.session_jwt),
    ):
        assert again.session_token == began.session_token
        assert again.member_session == began.member_session
        assert again.member == began.member
        assert again.session_jwt != ""


def test_a_jwt_is_checked_without_a_call_to_the_service(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    assert began.member_session is not None
    local = sdk.sessions.authenticate_jwt_local(began.session_jwt)
    assert local is not None
    assert local.member_session_id == began.member_session.member_session_id
    assert local.authentication_factors == began.member_session.authentication_factors
    assert local.custom_claims == began.member_session.custom_claims
    assert local.expires_at == began.member_session.expires_at
    assert sdk.sessions.get_jwks(place.b2b.id).keys[0].key_ops == ["verify"]


def test_prolonging_answers_and_moves_nothing(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token(minutes=20))
    place.clock.forward(minutes=5)
    again = sdk.sessions.authenticate(
        session_token=began.session_token,
        session_duration_minutes=60 * 24,
        session_custom_claims={"admin": True},
    )
    assert began.member_session is not None
    assert again.member_session.expires_at == began.member_session.expires_at
    assert again.member_session.custom_claims == began.member_session.custom_claims
    place.clock.forward(minutes=5)
    sdk.sessions.authenticate(session_token=began.session_token, session_duration_minutes=5)
    place.clock.forward(minutes=5)
    sdk.sessions.authenticate(session_token=began.session_token)
    place.clock.forward(minutes=5)
    with pytest.raises(StytchError) as raised:
        sdk.sessions.authenticate(session_token=began.session_token)
    assert refusal(raised) == (404, "session_not_found")


def test_a_session_that_nobody_asks_for_idles_away(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    place.clock.forward(minutes=9)
    seen = sdk.sessions.authenticate(session_token=began.session_token)
    assert began.member_session is not None
    assert seen.member_session.last_accessed_at > began.member_session.last_accessed_at
    place.clock.forward(minutes=9)
    sdk.sessions.authenticate(session_token=began.session_token)
    place.clock.forward(minutes=10)
    with pytest.raises(StytchError) as raised:
        sdk.sessions.authenticate(session_token=began.session_token)
    assert refusal(raised) == (404, "session_not_found")
    assert place.entries(EventType.SESSION_EXPIRED)


def test_a_session_does_not_move_to_another_organization(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    for organization_id in ("globex", "acme"):
        with pytest.raises(StytchError) as raised:
            sdk.sessions.exchange(organization_id, session_token=began.session_token)
        assert refusal(raised) == (400, "session_not_mutable")
        with pytest.raises(StytchError) as raised:
            sdk.sessions.exchange(organization_id, session_jwt=began.session_jwt)
        assert refusal(raised) == (400, "session_not_mutable")
    again = sdk.sessions.authenticate(session_token=began.session_token)
    assert again.member_session.organization_id == "acme"


def test_a_second_use_is_refused_and_the_session_goes_on(place: Place) -> None:
    sdk = place.b2b_sdk()
    token = place.token()
    began = sdk.impersonation.authenticate(token)
    with pytest.raises(StytchError) as raised:
        sdk.impersonation.authenticate(token)
    assert refusal(raised) == (401, "unable_to_auth_impersonation_token")
    assert place.rules() == ["token_replayed"]
    sdk.sessions.authenticate(session_token=began.session_token)


def test_a_revoked_session_is_over_by_token_and_by_jwt(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    assert sdk.sessions.revoke(session_token=began.session_token).status_code == 200
    for name in ("session_token", "session_jwt"):
        with pytest.raises(StytchError) as raised:
            sdk.sessions.authenticate(**{name: getattr(began, name)})
        assert refusal(raised) == (404, "session_not_found")
    with pytest.raises(StytchError) as raised:
        sdk.sessions.revoke(session_token=began.session_token)
    assert refusal(raised) == (404, "session_not_found")
    assert len(place.entries(EventType.SESSION_REVOKED)) == 1
    # Until its own end a JWT verifies without the service, as Stytch says of its own.
    assert sdk.sessions.authenticate_jwt_local(began.session_jwt) is not None


@pytest.mark.parametrize("name", ["member_session_id", "session_jwt", "member_id"])
def test_a_session_is_revoked_by_whatever_names_it(place: Place, name: str) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    assert began.member_session is not None
    names: dict[str, Any] = {
        "member_session_id": began.member_session.member_session_id,
        "session_jwt": began.session_jwt,
        "member_id": "ada",
    }
    assert [one.member_session_id for one in sdk.sessions.get("acme", "ada").member_sessions] == [
        began.member_session.member_session_id
    ]
    sdk.sessions.revoke(**{name: names[name]})
    assert sdk.sessions.get("acme", "ada").member_sessions == []


def test_an_expired_jwt_is_taken_while_the_session_lives(place_behind: Place) -> None:
    sdk = place_behind.b2b_sdk()
    began = sdk.impersonation.authenticate(place_behind.token())
    assert sdk.sessions.authenticate_jwt_local(began.session_jwt) is None
    again = sdk.sessions.authenticate_jwt(began.session_jwt)
    assert again.member_session.member_id == "ada"
    sdk.sessions.revoke(session_jwt=began.session_jwt)
    with pytest.raises(StytchError) as raised:
        sdk.sessions.authenticate_jwt(began.session_jwt)
    assert refusal(raised) == (404, "session_not_found")


def test_a_check_of_roles_is_answered_by_the_service_and_by_the_sdk_alike(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    allowed = AuthorizationCheck(organization_id="acme", resource_id="invoices", action="read")
    answer = sdk.sessions.authenticate(
        session_token=began.session_token, authorization_check=allowed
    )
    assert answer.verdict is not None
    assert (answer.verdict.authorized, answer.verdict.granting_roles) == (True, ["stytch_member"])
    local = sdk.sessions.authenticate_jwt_local(began.session_jwt, authorization_check=allowed)
    assert local is not None
    for check, error_type in (
        (AuthorizationCheck(organization_id="acme", resource_id="invoices", action="write"),
         "session_authorization_error"),
        (AuthorizationCheck(organization_id="globex", resource_id="invoices", action="read"),
         "session_authorization_tenancy_error"),
    ):  # fmt: skip
        with pytest.raises(StytchError) as raised:
            sdk.sessions.authenticate(session_token=began.session_token, authorization_check=check)
        assert refusal(raised) == (403, error_type)
        with pytest.raises(ValueError, match=r"denied|does not match"):
            sdk.sessions.authenticate_jwt_local(began.session_jwt, authorization_check=check)


async def test_the_same_client_works_asynchronously(place: Place) -> None:
    async with place.b2b_sdk() as sdk:
        assert isinstance(sdk, B2BClient)
        began = await sdk.impersonation.authenticate_async(place.token())
        again = await sdk.sessions.authenticate_async(session_token=began.session_token)
        assert again.member_session == began.member_session
        assert await sdk.sessions.authenticate_jwt_local_async(began.session_jwt) is not None
        with pytest.raises(StytchError) as raised:
            await sdk.sessions.exchange_async("globex", session_token=began.session_token)
        assert refusal(raised) == (400, "session_not_mutable")
        await sdk.sessions.revoke_async(session_token=began.session_token)
        with pytest.raises(StytchError) as raised:
            await sdk.sessions.authenticate_async(session_token=began.session_token)
        assert refusal(raised) == (404, "session_not_found")


def test_sessions_that_another_wire_began_are_seen_here_too(place: Place) -> None:
    native = place.started(wire="native")
    body = {"impersonation_token": native["impersonation_token"]}
    opened = place.post("/api/v1/impersonations/exchange", body).json()
    again = place.b2b_sdk().sessions.authenticate(session_token=opened["session_token"])
    assert again.member_session.member_session_id == opened["session"]["id"]
    assert [f.type.value for f in again.member_session.authentication_factors] == ["impersonated"]
