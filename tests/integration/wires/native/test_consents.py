from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from tests.fixtures.service import REASON, SignedInOperator, World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

CONSENTS = "/api/v1/subjects/ada/consents"


async def asks(world: World, mode: str = "standing") -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    path = f"/api/v1/applications/{world.application.id}"
    change = {"settings": {"consent": {"mode": mode, "standing_days": 7}}}
    answer = await admin.browser.patch(path, json=change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"]["consent"] == {
        "mode": mode,
        "standing_days": 7,
        "organizations": {},
        "shown_as": None,
        "tell": False,
    }


async def refused(world: World) -> str | None:
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
    answer = await world.backend.post("/api/v1/impersonations", json=body)
    return None if answer.status_code == 201 else str(answer.json()["rule"])


async def test_the_users_app_says_what_they_agree_to_and_take_back(world: World) -> None:
    await asks(world)
    assert await refused(world) == "consent_missing"
    given = await world.backend.post(CONSENTS, json={"days": 3, "scope": "read_only"})
    assert given.status_code == 201, given.text
    assert (given.json()["kind"], given.json()["scope"]) == ("standing", "read_only")
    assert given.json()["expires_at"] == "2026-11-25T09:30:00Z"
    state = (await world.backend.get(CONSENTS)).json()
    assert state == {
        "mode": "standing",
        "standing_days": 7,
        "consents": [given.json()],
        "requests": [],
    }
    opened = await world.open_session()
    assert opened["restrictions"]["scope"] == "read_only"
    taken = await world.backend.post(f"{CONSENTS}/withdraw")
    assert taken.json() == {"consents": 1, "ended_sessions": 1}
    ended = await world.backend.get(f"/api/v1/sessions/{opened['session']['id']}")
    assert ended.json()["end_cause"] == "consent_withdrawn"
    assert await refused(world) == "consent_missing"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPPORT_MANAGER])
@pytest.mark.parametrize("path", [CONSENTS, f"{CONSENTS}/withdraw"])
async def test_no_operator_agrees_for_a_user_and_who_tries_is_written_down(
    world: World, role: Role, path: str
) -> None:
    await asks(world)
    staff = await world.operator(role)
    answer = await staff.browser.post(path, json={} if path == CONSENTS else None)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    assert "Only the user" in answer.json()["detail"]
    assert world.logged()[-1] == EventType.CONSENT_REFUSED
    assert await refused(world) == "consent_missing"


async def test_an_operator_sees_whether_a_user_agreed(world: World) -> None:
    await asks(world)
    staff = await world.operator(Role.SUPPORT_MANAGER)
    where = {"application_id": world.application.id}
    state = await staff.browser.get(CONSENTS, params=where)
    assert (state.status_code, state.json()["consents"]) == (200, [])


async def test_nobody_agrees_without_the_secret_or_to_what_is_not_asked(world: World) -> None:
    assert (await world.stranger.post(CONSENTS, json={})).status_code == 401
    answer = await world.backend.post(CONSENTS, json={})
    assert (answer.status_code, answer.json()["rule"]) == (409, "consent_mode")
    unknown = await world.backend.post("/api/v1/subjects/nobody/consents", json={})
    assert unknown.status_code == 404


REQUESTS = "/api/v1/consent-requests"


async def asked(world: World) -> tuple[SignedInOperator, dict[str, Any]]:
    """Staff who have asked the user."""
    await asks(world, "ask")
    staff = await world.operator(Role.SUPPORT_MANAGER)
    body = {"application_id": world.application.id, "subject_id": "ada", "reason": REASON}
    answer = await staff.browser.post(REQUESTS, json=body)
    assert answer.status_code == 201, answer.text
    return staff, dict(answer.json())


async def started(world: World, staff: SignedInOperator) -> str | None:
    body = {"application_id": world.application.id, "subject_id": "ada", "reason": REASON}
    answer = await staff.browser.post("/api/v1/impersonations", json=body)
    return None if answer.status_code == 201 else str(answer.json()["rule"])


async def test_a_user_sees_who_asks_and_allows_it(world: World) -> None:
    staff, request = await asked(world)
    assert (request["state"], len(request["digits"])) == ("pending", 2)
    [shown] = (await world.backend.get(CONSENTS)).json()["requests"]
    assert (shown["asked_by"], shown["reason"]) == ("Sam", REASON)
    assert shown["digits"] == request["digits"]
    assert await started(world, staff) == "consent_missing"
    path = f"/api/v1/subjects/ada/consent-requests/{request['id']}"
    allowed = await world.backend.post(f"{path}/allow")
    assert (allowed.status_code, allowed.json()["kind"]) == (200, "once")
    state = await staff.browser.get(f"{REQUESTS}/{request['id']}")
    assert state.json()["state"] == "allowed"
    assert await started(world, staff) is None
    assert await started(world, staff) == "consent_missing"


async def test_a_user_declines(world: World) -> None:
    staff, request = await asked(world)
    path = f"/api/v1/subjects/ada/consent-requests/{request['id']}/decline"
    assert (await world.backend.post(path)).json()["state"] == "declined"
    assert await started(world, staff) == "consent_missing"


async def test_a_code_that_is_read_out_is_said_by_whoever_asked(world: World) -> None:
    staff, request = await asked(world)
    path = f"/api/v1/subjects/ada/consent-requests/{request['id']}/code"
    code = (await world.backend.post(path)).json()["code"]
    redeem = f"{REQUESTS}/{request['id']}/redeem"
    wrong = await staff.browser.post(redeem, json={"code": "HELP 0000 000"})
    assert (wrong.status_code, wrong.json()["rule"]) == (403, "code_refused")
    stranger = await world.operator(Role.SUPPORT_MANAGER, email="lee@support.example")
    assert (await stranger.browser.post(redeem, json={"code": code})).status_code == 404
    right = await staff.browser.post(redeem, json={"code": code})
    assert right.status_code == 200, right.text
    assert await started(world, staff) is None


async def test_the_name_of_whoever_works_can_be_kept_from_users(world: World) -> None:
    admin = await world.operator(Role.ADMIN, email="kay@support.example")
    opened = await world.open_session()
    change = {"settings": {"consent": {"shown_as": "Billing support"}}}
    await admin.browser.patch(f"/api/v1/applications/{world.application.id}", json=change)
    [item] = (await world.backend.get("/api/v1/subjects/ada/history")).json()["items"]
    assert item["session_id"] == opened["session"]["id"]
    assert item["actor"] == {
        "kind": "named_by_application",
        "id": None,
        "email": None,
        "name": "Billing support",
    }


async def test_what_was_not_agreed_freezes_its_actor_until_an_admin_closes_the_case(
    world: World,
) -> None:
    opened = await world.open_session()
    path = f"/api/v1/subjects/ada/history/{opened['session']['id']}"
    said = await world.backend.post(f"{path}/not-agreed", json={"note": "I asked nobody."})
    assert said.status_code == 200, said.text
    assert await refused(world) == "actor_frozen"
    admin = await world.operator(Role.ADMIN, email="kay@support.example")
    [case] = (await admin.browser.get("/api/v1/cases")).json()["items"]
    assert (case["subject_id"], case["subject_name"]) == ("ada", "Ada Lovett")
    assert (case["id"], case["note"]) == (said.json()["case_id"], "I asked nobody.")
    assert (case["kind"], case["frozen"], case["actor"]["id"]) == ("not_agreed", True, "kim")
    close = f"/api/v1/cases/{case['id']}/close"
    auditor = await world.operator(Role.AUDITOR, email="ana@support.example")
    assert (await auditor.browser.get("/api/v1/cases")).status_code == 200
    assert (await auditor.browser.post(close, json={"note": "x"})).status_code == 403
    looked = await admin.browser.post(close, json={"note": "Somebody is asked first."})
    assert (looked.json()["frozen"], looked.json()["closed_by"]) == (True, "Sam")
    assert (await admin.browser.get("/api/v1/cases")).json()["items"] == []
    [frozen] = (await admin.browser.get("/api/v1/cases?frozen=true")).json()["items"]
    assert (frozen["id"], frozen["frozen"]) == (case["id"], True)
    done = await admin.browser.post(close, json={"note": "A slip.", "lift": True})
    assert (done.json()["frozen"], done.json()["closed_by"]) == (False, "Sam")
    assert (await admin.browser.get("/api/v1/cases")).json()["items"] == []
    assert (await admin.browser.get("/api/v1/cases?frozen=true")).json()["items"] == []
    assert len((await admin.browser.get("/api/v1/cases?all=true")).json()["items"]) == 1
    assert await refused(world) is None


async def test_a_user_ends_a_session_in_their_account(world: World) -> None:
    opened = await world.open_session()
    path = f"/api/v1/subjects/ada/history/{opened['session']['id']}/end"
    ended = await world.backend.post(path)
    assert ended.json()["ended_at"] is not None
    session = await world.backend.get(f"/api/v1/sessions/{opened['session']['id']}")
    assert session.json()["end_cause"] == "revoked"
    other = f"/api/v1/subjects/bob/history/{opened['session']['id']}/end"
    assert (await world.backend.post(other)).status_code == 404


async def test_who_may_ask_says_whose_name_they_ask_in(world: World) -> None:
    await asks(world, "ask")
    staff = await world.operator(Role.SUPPORT_MANAGER)
    body: dict[str, Any] = {"subject_id": "ada", "reason": REASON}
    refusals: list[tuple[AsyncClient, dict[str, Any], str]] = [
        (world.backend, {}, "actor"),
        (world.backend, {"actor": {"id": "kim"}, "application_id": "app_x"}, "application_id"),
        (staff.browser, {}, "application_id"),
        (staff.browser, {"actor": {"id": "kim"}}, "actor"),
    ]
    for caller, more, field in refusals:
        answer = await caller.post(REQUESTS, json=body | more)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    named = await world.backend.post(REQUESTS, json=body | {"actor": {"id": "kim"}})
    assert named.status_code == 201
    hidden = await staff.browser.get(f"{REQUESTS}/{named.json()['id']}")
    assert hidden.status_code == 404
    denied = await world.backend.post(REQUESTS, json=body | {"actor": {"id": "kim"}, "reason": " "})
    assert (denied.status_code, denied.json()["rule"]) == (403, "reason_missing")
