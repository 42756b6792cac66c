from __future__ import annotations

from typing import Any

from tests.fixtures.service import REASON, World
from understudy.core.ids import GrantId, SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.ports import Unit
from understudy.flows.impersonation.exchange import Presented, exchange
from understudy.flows.impersonation.mint import mint
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.flows.retention.erase import erase_subject
from understudy.flows.retention.retain import retain
from understudy.service.table import WIRES

HISTORY = "/api/v1/subjects/ada/history"


async def _work(world: World, session_id: str, *done: tuple[str, str, str]) -> None:
    actions = [
        {
            "id": f"action-{number:08}",
            "phase": phase,
            "at": "2026-11-22T09:30:00Z",
            "method": method,
            "path": path,
            "route": path,
        }
        | ({} if phase == "intended" else {"status": 200, "duration_ms": 3})
        for number, (phase, method, path) in enumerate(done)
    ]
    answer = await world.backend.post(
        f"/api/v1/sessions/{session_id}/actions", json={"actions": actions}
    )
    assert answer.status_code == 200, answer.text


async def _end(world: World, opened: dict[str, Any]) -> None:
    path = f"/api/v1/sessions/{opened['session']['id']}/end"
    assert (await world.backend.post(path, json={})).status_code == 200


def _exchange(world: World, grant_id: str) -> None:
    def flow(unit: Unit) -> object:
        grant = unit.grants.get(GrantId(grant_id))
        assert grant is not None
        presented = Presented(token=mint(unit, grant).token, application=world.application)
        return exchange(unit, presented, kinds=WIRES.token_kinds, origin=Origin())

    assert isinstance(world.installation.engine.run(flow), OpenSession)


async def test_a_user_learns_who_worked_in_the_account_when_why_and_how_it_ended(
    world: World,
) -> None:
    actor = {"id": "kim", "name": "Kim Nowak", "email": "kim@support.example"}
    opened = await world.open_session(ticket="HELP-9", actor=actor)
    await _work(
        world,
        opened["session"]["id"],
        ("completed", "GET", "/invoices"),
        ("completed", "HEAD", "/invoices"),
        ("intended", "POST", "/notes"),
        ("completed", "POST", "/notes"),
        ("blocked", "POST", "/password"),
    )
    world.installation.clock.forward(minutes=2)
    await _end(world, opened)
    answer = await world.backend.get(HISTORY)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "items": [
            {
                "session_id": opened["session"]["id"],
                "actor": {"kind": "named_by_application", **actor},
                "organization": {"id": "acme", "name": "Acme"},
                "reason": REASON,
                "ticket": "HELP-9",
                "scope": "full",
                "started_at": "2026-11-22T09:30:00Z",
                "ends_at": "2026-11-22T10:00:00Z",
                "ended_at": "2026-11-22T09:32:00Z",
                "end_cause": "ended_by_actor",
                "actions": {"reads": 2, "changes": 1, "refused": 1},
                "forgotten": False,
            }
        ],
        "next_cursor": None,
    }


async def test_a_change_whose_end_nobody_reported_counts_as_one(world: World) -> None:
    opened = await world.open_session()
    await _work(world, opened["session"]["id"], ("intended", "DELETE", "/notes/1"))
    (item,) = (await world.backend.get(HISTORY)).json()["items"]
    assert item["actions"] == {"reads": 0, "changes": 1, "refused": 0}
    assert (item["ended_at"], item["end_cause"]) == (None, None)


async def test_an_application_gets_an_operators_name_and_operators_get_all(world: World) -> None:
    support = await world.operator(Role.SUPPORT_MANAGER)
    started = await support.browser.post(
        "/api/v1/impersonations",
        json={"application_id": world.application.id, "subject_id": "ada", "reason": REASON},
    )
    assert started.status_code == 201, started.text
    _exchange(world, started.json()["grant"]["id"])
    (seen,) = (await world.backend.get(HISTORY)).json()["items"]
    assert seen["actor"] == {"kind": "operator", "id": None, "email": None, "name": "Sam"}
    params = {"application_id": world.application.id}
    (full,) = (await support.browser.get(HISTORY, params=params)).json()["items"]
    operator = support.operator
    assert full["actor"] == {
        "kind": "operator",
        "id": operator.id,
        "email": operator.email,
        "name": "Sam",
    }
    assert full | {"actor": None} == seen | {"actor": None}


async def test_the_history_is_paged_newest_first(world: World) -> None:
    expected: list[str] = []
    for _ in range(5):
        world.installation.clock.forward(minutes=1)
        opened = await world.open_session()
        await _end(world, opened)
        expected.insert(0, opened["session"]["id"])
    found: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = (await world.backend.get(HISTORY, params=params)).json()
        found += [item["session_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert found == expected


async def test_an_erased_history_keeps_times_and_says_so(world: World) -> None:
    opened = await world.open_session(ticket="HELP-9")
    await _end(world, opened)
    world.installation.engine.run(
        lambda unit: erase_subject(
            unit, world.application.id, SubjectId("ada"), by=SYSTEM, origin=Origin()
        )
    )
    (item,) = (await world.backend.get(HISTORY)).json()["items"]
    assert (item["reason"], item["ticket"], item["actions"]) == (None, None, None)
    assert item["forgotten"] is True
    assert item["ended_at"] == "2026-11-22T09:30:00Z"


async def test_what_retention_left_of_a_history_names_nobody(world: World) -> None:
    opened = await world.open_session(ticket="HELP-9", actor={"id": "kim", "name": "Kim Nowak"})
    await _end(world, opened)
    world.installation.clock.forward(days=31)
    world.installation.engine.run(lambda unit: retain(unit, world.application.id))
    (item,) = (await world.backend.get(HISTORY)).json()["items"]
    assert item["actor"] == {
        "kind": "named_by_application",
        "id": "kim",
        "email": None,
        "name": None,
    }
    assert (item["reason"], item["ticket"], item["actions"], item["forgotten"]) == (
        None,
        None,
        None,
        True,
    )


async def test_nobody_reads_the_history_of_another_applications_user(world: World) -> None:
    opened = await world.open_session()
    await _end(world, opened)
    other = world.other_application()
    answer = await other.backend.get(HISTORY)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = await other.backend.get(HISTORY, params={"application_id": world.application.id})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await world.stranger.get(HISTORY)).status_code == 401
    auditor = await world.operator(Role.AUDITOR)
    answer = await auditor.browser.get(HISTORY)
    assert (answer.status_code, answer.json()["field"]) == (422, "application_id")


async def test_somebody_nobody_worked_as_has_an_empty_history(world: World) -> None:
    answer = await world.backend.get("/api/v1/subjects/root/history")
    assert answer.json() == {"items": [], "next_cursor": None}
