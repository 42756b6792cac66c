"""Tickets: what uses one up, what does not, and how each refusal looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from clerk_backend_api import models

from tests.integration.wires.clerk.place import ACTOR, APP, Place, Tenant, claims_of, exchange
from understudy.core.applications.application import Application
from understudy.core.ids import ActorRef, SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.notices.events import EventType, Outcome
from understudy.core.people.principals import Actor, ActorKind
from understudy.flows.impersonation import mint, request
from understudy.flows.origin import Origin
from understudy.service.table import WIRES

PAGE = "/clerk/v1/tickets/accept"


def _error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def _sign_in(place: Place, ticket: str, **headers: str) -> httpx.Response:
    headers = {"origin": APP} | headers
    form = {"strategy": "ticket", "ticket": ticket}
    query = "?__clerk_api_version=2025-11-10&_clerk_js_version=5.1.0"
    return place.stranger.post(f"/v1/client/sign_ins{query}", data=form, headers=headers)


def test_a_second_use_is_refused_and_noted_and_the_session_goes_on(place: Place) -> None:
    ticket = place.ticket()
    session_id = exchange(place, ticket).json()["session"]["id"]
    assert _error(exchange(place, ticket)) == (400, "actor_token_already_used_code")
    assert _error(_sign_in(place, ticket)) == (400, "actor_token_already_used_code")
    assert place.http.get(f"/sessions/{session_id}").json()["status"] == "active"
    replays = place.entries(EventType.TOKEN_REPLAYED)
    assert [(entry.core or {})["outcome"] for entry in replays] == [Outcome.DENIED] * 2


def test_a_withdrawn_ticket_is_refused(place: Place) -> None:
    with place.sdk() as sdk:
        made = sdk.actor_tokens.create(request={"user_id": "ada", "actor": ACTOR})
        assert made is not None
        revoked = sdk.actor_tokens.revoke(actor_token_id=made.id)
        assert revoked is not None
        assert revoked.status == models.ActorTokenStatus.REVOKED
        with pytest.raises(models.ClerkErrors) as refused:
            sdk.actor_tokens.revoke(actor_token_id=made.id)
        with pytest.raises(models.ClerkErrors) as unknown:
            sdk.actor_tokens.revoke(actor_token_id="act_unknown")
    assert refused.value.data.errors[0].code == "actor_token_cannot_be_revoked_code"
    assert unknown.value.data.errors[0].code == "resource_not_found"
    assert _error(exchange(place, made.token or "")) == (400, "actor_token_revoked_code")


def test_an_expired_ticket_is_refused_at_its_second_and_stays_pending(place: Place) -> None:
    made = place.actor_token(expires_in_seconds=60)
    place.clock.shift = timedelta(seconds=61)
    assert _error(exchange(place, made["token"])) == (400, "ticket_expired_code")
    assert _error(place.http.post(f"/actor_tokens/{made['id']}/revoke")) == (
        400,
        "actor_token_cannot_be_revoked_code",
    )
    page = place.stranger.get(PAGE, params={"ticket": made["token"]})
    assert page.status_code == 410


def test_another_applications_secret_neither_takes_nor_spoils_a_ticket(place: Place) -> None:
    ticket = place.ticket()
    stolen = place.http.post(
        "/tickets/exchange",
        json={"ticket": ticket},
        headers={"authorization": f"Bearer {place.other.secret}"},
    )
    unknown = exchange(place, "usi_unknown")
    assert _error(stolen) == _error(unknown) == (400, "ticket_invalid_code")
    assert exchange(place, ticket).status_code == 200


def test_a_session_has_an_id_as_clerks_have_and_is_found_by_our_own_too(place: Place) -> None:
    made = place.exchanged()
    session_id = made["session"]["id"]
    assert session_id.startswith("sess_")
    assert claims_of(made["jwt"])["sid"] == session_id
    ours = session_id.replace("sess_", "ses_", 1)
    for spelled in (session_id, ours):
        assert place.http.get(f"/sessions/{spelled}").json()["id"] == session_id
    with place.sdk() as sdk:
        assert sdk.sessions.revoke(session_id=session_id).id == session_id


def test_another_application_sees_and_ends_nothing(place: Place) -> None:
    made, used = place.actor_token(), place.actor_token()
    session_id = place.exchanged(used["token"])["session"]["id"]
    with place.sdk(place.other) as sdk:
        assert sdk.sessions.list(user_id="ada") == []
        attempts: list[Callable[[], object]] = [
            lambda: sdk.sessions.get(session_id=session_id),
            lambda: sdk.sessions.revoke(session_id=session_id),
            lambda: sdk.sessions.create_token(session_id=session_id),
            lambda: sdk.actor_tokens.revoke(actor_token_id=made["id"]),
            lambda: sdk.actor_tokens.revoke(actor_token_id=used["id"]),
            lambda: sdk.users.get(user_id="ada"),
        ]
        for attempt in attempts:
            with pytest.raises(models.ClerkErrors) as refused:
                attempt()
            assert refused.value.status_code == 404
    assert place.http.get(f"/sessions/{session_id}").json()["status"] == "active"


@pytest.mark.parametrize("wire", sorted(WIRES.token_kinds.keys() - {"clerk"}))
def test_tokens_of_other_wires_are_no_tickets_and_stay_as_they_were(
    place: Place, wire: str
) -> None:
    token = _foreign_token(place, wire)
    assert _error(exchange(place, token)) == (400, "ticket_invalid_code")
    assert _error(_sign_in(place, token)) == (400, "ticket_invalid_code")
    assert place.stranger.get(PAGE, params={"ticket": token}).status_code == 410
    if wire == "native":
        auth = (place.tenant.application.id, place.tenant.secret)
        body = {"impersonation_token": token}
        native = f"{place.base}/api/v1/impersonations/exchange"
        assert httpx.post(native, json=body, auth=auth).status_code == 200


def test_a_ticket_is_no_native_impersonation_token(place: Place) -> None:
    ticket = place.ticket()
    auth = (place.tenant.application.id, place.tenant.secret)
    body = {"impersonation_token": ticket}
    native = httpx.post(f"{place.base}/api/v1/impersonations/exchange", json=body, auth=auth)
    assert native.status_code == 401
    assert exchange(place, ticket).status_code == 200


def _foreign_token(place: Place, wire: str) -> str:
    actor = Actor(kind=ActorKind.NAMED_BY_APPLICATION, ref=ActorRef("act_kim"), id="kim")
    binding = mint.CodeBinding(redirect_uri=APP, code_challenge="x") if wire == "code" else None
    ask = ImpersonationRequest(
        application_id=place.tenant.application.id,
        actor=actor,
        subject_id=SubjectId("ada"),
        reason="Looking at the missing invoice",
        wire=wire,
    )

    def flow(unit: Any) -> str:
        granted = request.request(unit, ask, origin=Origin())
        assert isinstance(granted, request.Granted)
        return mint.mint(unit, granted.grant, kind=WIRES.token_kinds[wire], binding=binding).token

    return place.engine.run(flow)


def test_a_page_of_the_app_signs_in_by_ticket_in_clerks_shape(place: Place) -> None:
    answer = _sign_in(place, place.ticket(), origin=APP)
    body = answer.json()
    session = body["client"]["sessions"][0]
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == APP
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert body["response"]["status"] == "complete"
    assert body["response"]["created_session_id"] == session["id"]
    claims = claims_of(session["last_active_token"]["jwt"])
    assert (claims["act"], claims["azp"], claims["sid"]) == (ACTOR, APP, session["id"])
    assert session["actor"] == ACTOR


def test_pages_of_other_sites_cannot_sign_in_and_spoil_nothing(place: Place) -> None:
    ticket = place.ticket()
    for origin in ("https://evil.example", "null", f"{APP}.evil.example", place.base):
        refused = _sign_in(place, ticket, origin=origin)
        assert _error(refused) == (400, "origin_invalid")
        assert "access-control-allow-origin" not in refused.headers
    assert _sign_in(place, ticket, origin=APP).status_code == 200


def test_browsers_are_told_beforehand_which_pages_may_ask(place: Place) -> None:
    asked = {"access-control-request-method": "POST"}
    for path in ("/v1/client/sign_ins", "/clerk/v1/client/sign_ins"):
        own = place.stranger.options(path, headers={"origin": APP, **asked})
        other = place.stranger.options(path, headers={"origin": "https://evil.example", **asked})
        assert own.headers["access-control-allow-origin"] == APP
        assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("path", ["/v1/client/sign_ins", "/clerk/v1/client/sign_ins"])
def test_a_page_signs_in_only_where_an_admin_has_said_so_and_spoils_nothing(
    place: Place, path: str
) -> None:
    ticket = place.ticket()
    place.change_settings(wires={})
    place.engine.run(lambda unit: unit.applications.save(_switched_off(place.other)))
    asked = {"origin": APP, "access-control-request-method": "POST"}
    preflight = place.stranger.options(path, headers=asked)
    assert "access-control-allow-origin" not in preflight.headers
    form = {"strategy": "ticket", "ticket": ticket}
    refused = place.stranger.post(path, data=form, headers={"origin": APP})
    assert _error(refused) == (403, "feature_not_enabled")
    assert not place.entries(EventType.SESSION_STARTED)
    assert exchange(place, ticket).status_code == 200


def _switched_off(tenant: Tenant) -> Application:
    settings = replace(tenant.application.settings, wires={})
    return replace(tenant.application, settings=settings)


def test_who_says_no_origin_cannot_sign_in_and_spoils_nothing(place: Place) -> None:
    ticket = place.ticket()
    form = {"strategy": "ticket", "ticket": ticket}
    refused = place.stranger.post("/v1/client/sign_ins", data=form)
    assert _error(refused) == (400, "origin_invalid")
    assert exchange(place, ticket).status_code == 200


def test_other_ways_to_sign_in_are_refused(place: Place) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for content, expected in (
        ("", (422, "form_param_missing")),
        ("strategy=password&ticket=x", (422, "form_param_value_invalid")),
        ("strategy=ticket", (422, "form_param_missing")),
        ("strategy=ticket&ticket=usi_unknown", (400, "ticket_invalid_code")),
    ):
        answer = place.stranger.post("/v1/client/sign_ins", content=content, headers=headers)
        assert _error(answer) == expected


def test_what_changed_since_the_ticket_was_made_counts(place: Place) -> None:
    ticket = place.ticket()
    place.http.post("/users/ada/ban")
    assert _error(exchange(place, ticket)) == (400, "actor_token_cannot_be_used_code")
    place.http.post("/users/ada/unban")
    assert exchange(place, ticket).status_code == 200


def test_banning_a_user_ends_the_sessions_as_that_user(place: Place) -> None:
    session_id = place.exchanged()["session"]["id"]
    place.http.post("/users/ada/ban")
    assert place.http.get(f"/sessions/{session_id}").json()["status"] == "revoked"
