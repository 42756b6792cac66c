"""Actor tokens and sessions: what was asked for, what came of it, and by whose rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from clerk_backend_api import models

from tests.integration.wires.clerk.place import ACTOR, APP, Place, claims_of
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor
from understudy.flows.impersonation import exchange, mint, request
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.service.table import WIRES

MINUTE_MS = 60_000


def _lasts(found: dict[str, Any]) -> float:
    session = found["session"]
    return float((session["expire_at"] - session["created_at"]) / MINUTE_MS)


def test_times_are_held_to_the_limits_and_never_refused_for_being_long(place: Place) -> None:
    assert _lasts(place.exchanged()) == 30
    assert _lasts(place.exchanged(session_max_duration_in_seconds=119)) == 1
    assert _lasts(place.exchanged(session_max_duration_in_seconds=10**9)) == 60
    place.change_settings(max_minutes=20, default_minutes=10)
    assert _lasts(place.exchanged()) == 20
    long_lived = place.actor_token(expires_in_seconds=10**9)["token"]
    place.clock.shift = timedelta(seconds=3601)
    answer = place.http.post("/tickets/exchange", json={"ticket": long_lived})
    assert answer.json()["errors"][0]["code"] == "ticket_expired_code"


def test_a_ticket_lives_as_long_as_it_was_asked_to(place: Place) -> None:
    ticket = place.ticket(expires_in_seconds=1200)
    place.clock.shift = timedelta(seconds=1190)
    assert _lasts(place.exchanged(ticket)) == 30


@pytest.mark.parametrize(
    ("actor", "reason", "given"),
    [
        ({"sub": "kim", "reason": "Cannot see the invoice"}, "Cannot see the invoice", True),
        ({"sub": "kim"}, "not given (Clerk API)", False),
        ({"sub": "kim", "reason": "T-81"}, "not given (Clerk API): T-81", False),
        ({"sub": "kim", "reason": 7}, "not given (Clerk API)", False),
    ],
)
def test_the_log_says_whether_somebody_gave_a_reason(
    place: Place, actor: dict[str, Any], reason: str, given: bool
) -> None:
    place.ticket(actor=actor)
    (entry,) = place.entries(EventType.GRANT_CREATED)
    personal, core = entry.personal or {}, entry.core or {}
    details = core["details"]
    assert personal["reason"] == reason
    assert isinstance(details, dict)
    assert details.get("reason_given", True) is given
    assert details["wire"] == "clerk"


def test_an_application_that_wants_long_reasons_gets_no_tokens_without(place: Place) -> None:
    place.change_settings(reason_min_length=40)
    for actor in ({"sub": "kim"}, {"sub": "kim", "reason": "too short"}):
        answer = place.http.post("/actor_tokens", json={"user_id": "ada", "actor": actor})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["meta"]["param_name"] == "actor.reason"


def test_a_ticket_that_the_application_wants_comes_with_the_actor(place: Place) -> None:
    place.change_settings(ticket_required=True)
    refused = place.http.post("/actor_tokens", json={"user_id": "ada", "actor": ACTOR})
    assert refused.json()["errors"][0]["meta"]["param_name"] == "actor.ticket"
    place.ticket(actor=ACTOR | {"ticket": "T-81"})
    (entry,) = place.entries(EventType.GRANT_CREATED)
    assert (entry.personal or {})["ticket"] == "T-81"


def test_an_operators_address_names_no_actor(place: Place) -> None:
    place.engine.run(
        lambda unit: team.invite(
            unit,
            email="sam@support.example",
            name="Sam",
            roles=(Role.SUPPORT_MANAGER,),
            by=SYSTEM,
            origin=Origin(),
        )
    )
    for actor in (
        {"sub": "kim", "email": "Sam@Support.example"},
        {"sub": "sam@support.example"},
        {"sub": "cli:sam@support.example", "iss": "clerk-cli"},
        {"sub": "sam@support.example.", "email": "kim@acme.example"},
        {"sub": "kim", "email": "kim@acme.example", "name": "Sam <SAM@support.example>"},
    ):
        answer = place.http.post("/actor_tokens", json={"user_id": "ada", "actor": actor})
        meta = answer.json()["errors"][0]["meta"]
        assert (answer.status_code, meta["rule"]) == (422, "actor_email_is_operators")


def test_nobody_works_as_somebody_who_is_worked_as(place: Place) -> None:
    place.http.post("/users", json={"email_address": ["new@acme.example"]})
    place.exchanged()
    answer = place.http.post("/actor_tokens", json={"user_id": "ada", "actor": {"sub": "ada"}})
    assert answer.status_code == 422
    (new,) = place.http.get("/users?email_address=new@acme.example").json()
    nested = place.http.post("/actor_tokens", json={"user_id": new["id"], "actor": {"sub": "ada"}})
    assert nested.json()["errors"][0]["meta"]["rule"] == "nested"


def test_lists_are_newest_first_and_page_by_number(place: Place) -> None:
    ids: list[str] = []
    for second in range(3):
        place.clock.shift = timedelta(seconds=second)
        ids.insert(0, place.exchanged()["session"]["id"])
    place.http.post(f"/sessions/{ids[0]}/revoke")

    def listed(query: str = "") -> list[str]:
        return [session["id"] for session in place.http.get(f"/sessions?{query}").json()]

    assert listed() == ids
    assert listed("limit=1&offset=1") == [ids[1]]
    assert listed("status=active&user_id=ada") == ids[1:]
    assert listed("status=revoked") == ids[:1]
    assert listed("user_id=nobody") == []
    client_id = place.http.get(f"/sessions/{ids[2]}").json()["client_id"]
    assert listed(f"client_id={client_id}") == [ids[2]]
    page = place.http.get("/sessions?paginated=true&limit=2").json()
    assert ([session["id"] for session in page["data"]], page["total_count"]) == (ids[:2], 3)


def test_a_jwt_never_outlives_its_session_or_its_minute(place: Place) -> None:
    found = place.exchanged(session_max_duration_in_seconds=60)
    session_id = found["session"]["id"]
    place.clock.shift = timedelta(seconds=40)
    token = place.http.post(f"/sessions/{session_id}/tokens", json={}).json()["jwt"]
    assert claims_of(token)["exp"] == found["session"]["expire_at"] // 1000
    other = place.exchanged()["session"]["id"]
    for asked, lives in ((30, 30), (86_400, 60)):
        body = {"expires_in_seconds": asked}
        claims = claims_of(place.http.post(f"/sessions/{other}/tokens", json=body).json()["jwt"])
        assert claims["exp"] - claims["iat"] == lives


def test_tokens_count_as_activity_and_never_prolong(place: Place) -> None:
    session_id = place.exchanged()["session"]["id"]
    for minutes in (9, 18, 27):
        place.clock.shift = timedelta(minutes=minutes)
        assert place.http.post(f"/sessions/{session_id}/tokens").status_code == 200
    place.clock.shift = timedelta(minutes=30)
    over = place.http.post(f"/sessions/{session_id}/tokens")
    assert over.status_code == 404
    assert place.http.get(f"/sessions/{session_id}").json()["status"] == "expired"


def test_an_idle_session_is_over(place: Place) -> None:
    session_id = place.exchanged()["session"]["id"]
    place.clock.shift = timedelta(minutes=11)
    assert place.http.post(f"/sessions/{session_id}/tokens").status_code == 404
    with place.sdk() as sdk:
        found = sdk.sessions.get(session_id=session_id)
    assert found is not None
    assert found.status == models.Status.EXPIRED


def test_a_session_of_an_operator_names_them_by_issuer_and_id(place: Place) -> None:
    operator, session_id = _operators_session(place)
    token = place.http.post(f"/sessions/{session_id}/tokens").json()["jwt"]
    act = {"iss": place.base, "sub": operator}
    assert claims_of(token)["act"] == act
    assert place.http.get(f"/sessions/{session_id}").json()["actor"] == act


def _operators_session(place: Place) -> tuple[str, str]:
    def flow(unit: Any) -> tuple[str, str]:
        invited = team.invite(
            unit,
            email="sam@support.example",
            name="Sam",
            roles=(Role.SUPPORT_MANAGER,),
            by=SYSTEM,
            origin=Origin(),
        )
        sam = team.join(unit, invited.token, name="Sam", password_hash="-", origin=Origin())
        ask = ImpersonationRequest(
            application_id=place.tenant.application.id,
            actor=Actor.from_operator(sam),
            subject_id=SubjectId("ada"),
            reason="Looking at the missing invoice",
        )
        granted = request.request(unit, ask, origin=Origin())
        assert isinstance(granted, request.Granted)
        token = mint.mint(unit, granted.grant).token
        presented = exchange.Presented(token=token, application=place.tenant.application)
        opened = exchange.exchange(unit, presented, kinds=WIRES.token_kinds, origin=Origin())
        assert not isinstance(opened, exchange.TokenRefused)
        return sam.id, opened.session.id

    return place.engine.run(flow)


def test_the_session_token_of_an_exchange_works_natively(place: Place) -> None:
    found = place.exchanged()
    auth = (place.tenant.application.id, place.tenant.secret)
    body = {"session_token": found["session_token"]}
    answer = httpx.post(f"{place.base}/api/v1/sessions/refresh", json=body, auth=auth).json()
    assert answer["session"]["id"].replace("ses_", "sess_", 1) == found["session"]["id"]
    assert answer["session"]["actor"]["id"] == "kim"


def test_the_jwt_of_a_subject_in_an_organization_names_it(place: Place) -> None:
    claims = claims_of(place.exchanged()["jwt"])
    assert claims["org_id"] == "acme"
    assert claims["iss"] == place.base
    assert claims["azp"] == APP
    assert claims["nbf"] <= claims["iat"]
    assert "v" not in claims


def test_a_grant_of_another_way_is_no_actor_token(place: Place) -> None:
    auth = (place.tenant.application.id, place.tenant.secret)
    body = {"subject_id": "ada", "actor": {"id": "kim"}, "reason": "Looking at the invoice"}
    started = httpx.post(f"{place.base}/api/v1/impersonations", json=body, auth=auth).json()
    token_id = "act_" + started["grant"]["id"].removeprefix("grt_")
    assert place.http.post(f"/actor_tokens/{token_id}/revoke").status_code == 404
