"""Nothing can be written: what ends sessions ends them all the same (DESIGN rule 7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.service import World
from tests.integration.ending.conftest import Refuse
from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import Entry, EntryFilter
from understudy.core.times import to_ms

SESSIONS = "/api/v1/sessions"


async def refreshed(world: World, opened: dict[str, Any]) -> tuple[int, str | None]:
    token = {"session_token": opened["session_token"]}
    answer = await world.backend.post(f"{SESSIONS}/refresh", json=token)
    return answer.status_code, answer.json().get("rule")


def entries_of(world: World, kind: EventType) -> list[Entry]:
    entries = world.installation.engine.stream_entries(EntryFilter())
    return [entry for entry in entries if entry.type == kind]


async def test_a_session_is_over_at_once_and_says_that_it_is_not_logged(
    world: World, refused: Refuse
) -> None:
    opened = await world.open_session()
    one = f"{SESSIONS}/{opened['session']['id']}"
    with refused():
        answer = await world.backend.post(f"{one}/revoke")
        assert answer.status_code == 202
        told = answer.json()
        assert (told["effective"], told["logged"], told["end_cause"]) == (True, False, "revoked")
        assert await refreshed(world, opened) == (401, "revoked")
        assert (await world.backend.get(one)).json()["end_cause"] == "revoked"
        again = await world.backend.post(f"{one}/revoke")
        assert (again.status_code, again.json()["logged"]) == (202, False)


async def test_lists_and_counts_obey_what_no_row_says_yet(world: World, refused: Refuse) -> None:
    other = await world.open_session()
    opened = await world.open_session(actor={"id": "lee"})
    with refused():
        await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        lists = {}
        for state in ("live", "over"):
            found = await world.backend.get(SESSIONS, params={"state": state})
            lists[state] = [row["id"] for row in found.json()["items"]]
        with world.installation.engine.reading() as reader:
            assert reader.sessions.count_live() == 1
    assert lists == {"live": [other["session"]["id"]], "over": [opened["session"]["id"]]}


async def test_introspection_and_exchange_obey_what_no_row_says_yet(
    world: World, refused: Refuse
) -> None:
    opened = await world.open_session()
    with refused():
        await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        inspected = await world.backend.post(
            "/oauth2/introspect", data={"token": opened["session_token"]}
        )
    assert inspected.json() == {"active": False}


async def test_it_is_logged_as_of_its_time_once_that_is_possible(
    world: World, refused: Refuse
) -> None:
    opened = await world.open_session()
    session_id = SessionId(opened["session"]["id"])
    at = world.installation.clock.now
    with refused():
        await world.backend.post(f"{SESSIONS}/{session_id}/revoke")
        # Long after its idle limit: what is written late is judged as of its own time.
        world.installation.clock.forward(minutes=11)
    world.installation.engine.replays.stop()
    world.installation.engine.replays.once()
    [entry] = entries_of(world, EventType.SESSION_REVOKED)
    assert entry.core is not None
    assert entry.time_ms == to_ms(at + timedelta(minutes=11))
    assert entry.core["details"] == {
        "cause": EndCause.REVOKED,
        "by_kind": "application",
        "by_ref": world.application.id,
        "at": to_ms(at),
        "proven": "secret",
    }
    with world.installation.engine.reading() as reader:
        stored = reader.sessions.get(session_id)
    assert stored is not None
    assert (stored.ended_at, stored.end_cause) == (at, EndCause.REVOKED)
    assert world.installation.engine.is_logged()
    answer = await world.backend.post(f"{SESSIONS}/{session_id}/revoke")
    assert (answer.status_code, answer.json()["logged"]) == (200, True)


@pytest.mark.parametrize("how", ["protect", "disable_application", "switch_off", "disable_operator"])
async def test_a_change_that_cannot_be_saved_ends_its_sessions_and_says_so(
    world: World, refused: Refuse, how: str
) -> None:
    admin = await world.operator(Role.ADMIN, email="root@support.example")
    opened = await world.open_session()
    one = f"/api/v1/applications/{world.application.id}"
    version = (await admin.browser.get(one)).json()
    with refused():
        if how == "protect":
            saved = {"email": "ada@acme.example", "protected": True}
            answer = await world.backend.put("/api/v1/subjects/ada", json=saved)
        elif how == "disable_application":
            answer = await admin.browser.patch(one, json={"status": "disabled"})
        else:
            settings = {"impersonation_allowed": False}
            answer = await admin.browser.patch(one, json={"settings": settings})
        assert (answer.status_code, answer.json()["code"]) == (503, "ended_not_saved"), version
        assert (await refreshed(world, opened))[0] == 401
    assert EventType.SESSION_REVOKED not in world.logged()
