"""Which tokens become a session here, and what is told of those that do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.integration.wires.stytch.place import Place, Project
from understudy.core.ids import SubjectId
from understudy.core.notices.events import EventType
from understudy.core.ports import Unit
from understudy.flows.impersonation.mint import mint
from understudy.service.table import WIRES

AUTHENTICATE = "/v1/b2b/impersonation/authenticate"
_REFUSED = (401, "unable_to_auth_impersonation_token")


def _said(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["status_code"] == answer.status_code
    return answer.status_code, body["error_type"]


def _exchange(place: Place, token: str, project: Project | None = None) -> httpx.Response:
    return place.post(AUTHENTICATE, {"impersonation_token": token}, project)


def test_every_refusal_looks_the_same_and_the_log_knows_why(place: Place) -> None:
    used, foreign, native = place.token(), place.token(place.other), place.token(wire="native")
    assert _exchange(place, used).status_code == 200
    expired = place.token()
    place.clock.forward(seconds=300)
    fallen = place.token()
    body = {"email": "ada@acme.example", "organization_id": "acme", "protected": True}
    place.call("PUT", "/api/v1/subjects/ada", json=body)
    answers = [
        _exchange(place, token)
        for token in ("usi_unknown", "", used, foreign, native, expired, fallen)
    ]
    assert {_said(answer) for answer in answers} == {_REFUSED}
    told = [{**answer.json(), "request_id": None} for answer in answers]
    assert all(one == told[0] for one in told)
    assert place.rules() == [
        # Of two that are alike the second one is counted.
        "token_unknown",
        "token_replayed",
        "token_foreign",
        "token_expired",
        "token_expired",
        "subject_protected",
    ]


def test_a_token_of_another_wire_is_not_used_up(place: Place) -> None:
    native = place.token(wire="native")
    assert _said(_exchange(place, native)) == _REFUSED
    assert place.rules() == ["token_wrong_wire"]
    body = {"impersonation_token": native}
    assert place.post("/api/v1/impersonations/exchange", body).status_code == 200


@pytest.mark.parametrize("wire", ["clerk", "code", "delegated"])
def test_tokens_of_every_other_wire_are_refused(place: Place, wire: str) -> None:
    started = place.started()

    def flow(unit: Unit) -> str:
        grant = unit.grants.get(started["grant"]["id"])
        assert grant is not None
        return mint(unit, grant, kind=WIRES.token_kinds[wire]).token

    assert _said(_exchange(place, place.engine.run(flow))) == _REFUSED
    assert place.rules() == ["token_wrong_wire"]


def test_another_projects_token_stays_good_for_its_own(place: Place) -> None:
    token = place.token(place.other)
    assert _said(_exchange(place, token)) == _REFUSED
    assert _exchange(place, token, place.other).status_code == 200


def test_a_token_of_this_wire_is_taken_natively_only_when_asked_so(place: Place) -> None:
    token = place.token()
    path = "/api/v1/impersonations/exchange"
    body: dict[str, Any] = {"impersonation_token": token}
    assert place.post(path, body).json()["code"] == "token_invalid"
    assert place.post(path, body | {"wire": "clerk"}).json()["code"] == "token_invalid"
    assert place.post(path, body | {"wire": "stytch"}).status_code == 200
    assert place.post(path, body | {"wire": "carrier_pigeon"}).status_code == 422


def test_the_wire_of_a_token_follows_the_hand_off_unless_the_backend_asks(place: Place) -> None:
    assert _exchange(place, place.token()).status_code == 200
    place.change_settings(place.b2b, hand_off="code")
    assert _said(_exchange(place, place.token())) == _REFUSED
    assert _exchange(place, place.token(wire="stytch")).status_code == 200
    wires = [
        ((entry.core or {}).get("details") or {}).get("wire")  # type: ignore[union-attr]
        for entry in place.entries(EventType.GRANT_CREATED)
    ]
    assert wires == ["stytch", None, "stytch"]


def test_an_endpoint_of_the_other_vertical_uses_no_token_up(place: Place) -> None:
    token = place.token(place.consumer)
    assert _said(_exchange(place, token, place.consumer)) == (400, "invalid_b2b_endpoint")
    path = "/v1/impersonation/authenticate"
    body = {"impersonation_token": token}
    assert _said(place.post(path, body)) == (400, "invalid_consumer_endpoint")
    assert place.post(path, body, place.consumer).status_code == 200


def test_a_project_in_which_impersonation_is_off_says_so(place: Place) -> None:
    token, theirs = place.token(), place.token(place.consumer)
    place.change_settings(place.b2b, impersonation_allowed=False)
    place.change_settings(place.consumer, impersonation_allowed=False)
    for said in (token, "usi_unknown"):
        assert _said(_exchange(place, said)) == (403, "member_impersonation_not_allowed")
    answer = place.post(
        "/v1/impersonation/authenticate", {"impersonation_token": theirs}, place.consumer
    )
    assert _said(answer) == (403, "user_impersonation_not_allowed")
    place.change_settings(place.b2b, impersonation_allowed=True)
    # What waited was cancelled when it was switched off.
    assert _said(_exchange(place, token)) == (401, "unable_to_auth_impersonation_token")
    assert _exchange(place, place.token()).status_code == 200


def test_a_user_without_an_organization_is_no_member_and_the_token_stays(place: Place) -> None:
    path = "/api/v1/subjects/solo"
    place.call("PUT", path, json={"email": "solo@x.example"})
    token = place.token(subject_id="solo")
    assert _said(_exchange(place, token)) == (404, "organization_not_found")
    assert place.rules() == []
    assert place.entries(EventType.SESSION_STARTED) == []


def test_premises_are_checked_again_at_every_call(place: Place) -> None:
    session = place.session()
    place.engine.run(lambda unit: unit.subjects.save(_protected(unit, place)))
    body = {"session_token": session["session_token"]}
    answer = place.post("/v1/b2b/sessions/authenticate", body)
    assert _said(answer) == (404, "session_not_found")
    (entry,) = place.entries(EventType.SESSION_REVOKED)
    assert (entry.core or {})["details"]["cause"] == "subject_protected"  # type: ignore[index]


def _protected(unit: Unit, place: Place) -> Any:
    found = unit.subjects.get(place.b2b.id, SubjectId("ada"))
    assert found is not None
    return replace(found, protected=True)


def test_a_member_ends_their_own_sessions_and_no_others(place: Place) -> None:
    ada = place.session()
    bea = place.session(subject_id="bea")
    header = {"X-Stytch-Member-SessionJWT": ada["session_jwt"]}
    for names in (
        {"session_token": bea["session_token"]},
        {"member_id": "bea"},
        {"session_token": "uss_unknown"},
    ):
        answer = place.post("/v1/b2b/sessions/revoke", names, headers=header)
        assert _said(answer) == (403, "session_authorization_error")
    unknown = {"X-Stytch-Member-Session": "uss_unknown"}
    answer = place.post("/v1/b2b/sessions/revoke", {"member_id": "ada"}, headers=unknown)
    assert _said(answer) == (404, "session_not_found")
    answer = place.post("/v1/b2b/sessions/revoke", {"member_id": "ada"}, headers=header)
    assert answer.status_code == 200
    body = {"session_token": bea["session_token"]}
    assert place.post("/v1/b2b/sessions/authenticate", body).status_code == 200
    other = {"session_token": place.session()["session_token"]}
    answer = place.post("/v1/b2b/sessions/revoke", other, headers=header)
    assert _said(answer) == (404, "session_not_found")
    assert place.post("/v1/b2b/sessions/authenticate", other).status_code == 200


def test_a_relaunch_takes_the_place_of_the_session_before_and_keeps_its_end(place: Place) -> None:
    started = place.started()
    first = _exchange(place, started["impersonation_token"]).json()
    place.clock.forward(minutes=3)

    def again(unit: Unit) -> str:
        grant = unit.grants.get(started["grant"]["id"])
        assert grant is not None
        return mint(unit, grant, kind=WIRES.token_kinds["stytch"]).token

    second = _exchange(place, place.engine.run(again)).json()
    assert second["member_session"]["expires_at"] == first["member_session"]["expires_at"]
    body = {"session_token": first["session_token"]}
    answer = place.post("/v1/b2b/sessions/authenticate", body)
    assert _said(answer) == (404, "session_not_found")
