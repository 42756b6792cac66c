"""Nothing can be written: what ends sessions ends them all the same (DESIGN rule 7)."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.storage.engines import SECONDS
from tests.fixtures.service import REASON, SignedInOperator, World
from tests.integration.ending.conftest import Refuse
from understudy.core.ids import GrantId, SessionId, SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.token_kinds import NATIVE
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor
from understudy.core.ports import Entry, EntryFilter, Unit
from understudy.core.times import to_ms
from understudy.flows.impersonation import end_all
from understudy.flows.impersonation.premises import usable
from understudy.flows.impersonation.start import Started, start
from understudy.flows.origin import Origin
from understudy.http import node as node_module
from understudy.http.stream import EndingNews, Listener
from understudy.storage.endings.slots import SlotFile

SESSIONS = "/api/v1/sessions"


async def refreshed(world: World, opened: dict[str, Any]) -> tuple[int, str | None]:
    token = {"session_token": opened["session_token"]}
    answer = await world.backend.post(f"{SESSIONS}/refresh", json=token)
    return answer.status_code, answer.json().get("rule")


async def opened_by(world: World, who: SignedInOperator) -> dict[str, Any]:
    """A session in which an operator works as Ada."""
    ask = ImpersonationRequest(
        application_id=world.application.id,
        actor=Actor.from_operator(who.operator),
        subject_id=SubjectId("ada"),
        reason=REASON,
    )

    def flow(unit: Unit) -> str:
        started = start(unit, ask, with_token=True, kind_for=lambda _: NATIVE, origin=Origin())
        assert isinstance(started, Started)
        assert started.token is not None
        return started.token.token

    token = {"impersonation_token": world.installation.engine.run(flow)}
    answer = await world.backend.post("/api/v1/impersonations/exchange", json=token)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ending_heard(listener: Listener) -> EndingNews:
    """The next ending that the listener is told of."""
    async for news in listener.news():
        for one in news:
            if isinstance(one, EndingNews):
                return one
    raise AssertionError("the stream was closed")


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
    world.installation.engine.endings.replays.stop()
    with refused():
        await world.backend.post(f"{SESSIONS}/{session_id}/revoke")
        # Long after its idle limit: what is written late is judged as of its own time.
        world.installation.clock.forward(minutes=11)
    world.installation.engine.endings.replays.once()
    [entry] = entries_of(world, EventType.SESSION_REVOKED)
    assert entry.core is not None
    assert entry.time == at + timedelta(minutes=11)
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
    assert world.installation.engine.endings.is_logged()
    answer = await world.backend.post(f"{SESSIONS}/{session_id}/revoke")
    assert (answer.status_code, answer.json()["logged"]) == (200, True)


@pytest.mark.parametrize("how", ["protect", "delete", "disable", "switch_off"])
async def test_a_change_that_cannot_be_saved_ends_its_sessions_and_says_so(
    world: World, refused: Refuse, how: str
) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    opened = await world.open_session()
    application = f"/api/v1/applications/{world.application.id}"
    changes = {
        "protect": world.backend.put("/api/v1/subjects/ada", json={"protected": True}),
        "delete": world.backend.delete("/api/v1/subjects/ada"),
        "disable": mara.browser.patch(application, json={"status": "disabled"}),
        "switch_off": mara.browser.patch(
            application, json={"settings": {"impersonation_allowed": False}}
        ),
    }
    with refused():
        answer = await changes.pop(how)
        assert (answer.status_code, answer.json()["code"]) == (503, "ended_not_saved")
        assert (await refreshed(world, opened))[0] == 401
        assert EventType.SESSION_REVOKED not in world.logged()
    for unused in changes.values():
        unused.close()


@pytest.mark.parametrize("how", ["disable", "sign_out", "cancel"])
async def test_whoever_is_taken_out_is_out_though_that_is_not_saved(
    world: World, refused: Refuse, how: str
) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    opened = await opened_by(world, sam)
    operator = f"/api/v1/operators/{sam.operator.id}"
    with refused():
        if how == "disable":
            answer = await mara.browser.patch(operator, json={"status": "disabled"})
        elif how == "sign_out":
            answer = await mara.browser.post(f"{operator}/sign-out")
        else:
            grant = f"/api/v1/grants/{opened['session']['grant_id']}"
            answer = await mara.browser.post(f"{grant}/cancel")
        assert (answer.status_code, answer.json()["code"]) == (503, "ended_not_saved")
        assert (await refreshed(world, opened))[0] == 401


async def test_a_second_use_of_a_token_ends_the_session_though_neither_is_logged(
    world: World, refused: Refuse
) -> None:
    started = await world.start()
    token = {"impersonation_token": started["impersonation_token"]}
    opened = (await world.backend.post("/api/v1/impersonations/exchange", json=token)).json()
    with refused():
        answer = await world.backend.post("/api/v1/impersonations/exchange", json=token)
        assert (answer.status_code, answer.json()["code"]) == (503, "ended_not_saved")
        assert await refreshed(world, opened) == (401, "token_replayed")


async def test_the_grant_of_a_session_that_is_over_gives_no_other(
    world: World, refused: Refuse
) -> None:
    opened = await world.open_session()
    with refused():
        await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        with world.installation.engine.reading() as reader:
            grant = reader.grants.get(GrantId(opened["session"]["grant_id"]))
            assert grant is not None
            assert not usable(reader, grant, world.installation.clock.now)


async def test_whoever_may_not_end_it_is_refused_as_always(world: World, refused: Refuse) -> None:
    opened = await world.open_session()
    stranger = world.other_application()
    sam = await world.operator(Role.AUDITOR)
    one = f"{SESSIONS}/{opened['session']['id']}"
    with refused():
        assert (await stranger.backend.post(f"{one}/revoke")).status_code == 404
        assert (await sam.browser.post(f"{one}/revoke")).status_code == 403
        assert (await world.stranger.post(f"{one}/revoke")).status_code == 401
        assert await refreshed(world, opened) == (200, None)


async def test_oauth_revocation_ends_it_and_answers_the_one_status_that_it_has(
    world: World, refused: Refuse
) -> None:
    opened = await world.open_session()
    with refused():
        token = {"token": opened["session_token"]}
        answer = await world.backend.post("/oauth2/revoke", data=token)
        assert answer.status_code == 200
        assert await refreshed(world, opened) == (401, "revoked")


async def test_clerks_sdk_ends_it(world: World, refused: Refuse) -> None:
    opened = await world.open_session()
    with refused():
        answer = await world.stranger.post(
            f"/clerk/v1/sessions/{opened['session']['id']}/revoke",
            headers={"authorization": f"Bearer {world.secret}"},
        )
        assert (answer.status_code, answer.json()["status"]) == (200, "revoked")
        assert await refreshed(world, opened) == (401, "revoked")


async def test_stytchs_sdk_ends_it(world: World, refused: Refuse) -> None:
    opened = await world.open_session()
    with refused():
        answer = await world.backend.post(
            "/v1/b2b/sessions/revoke", json={"session_token": opened["session_token"]}
        )
        assert answer.status_code == 200, answer.text
        assert await refreshed(world, opened) == (401, "revoked")


async def test_whoever_listens_hears_of_it_at_once_and_again_when_they_come_back(
    world: World, refused: Refuse
) -> None:
    opened = await world.open_session()
    listener = world.app.node.stream.listen(world.application.id)
    with refused():
        await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        heard = await ending_heard(listener)
        later = await anext(world.app.node.stream.listen(world.application.id).news())
    for news in (heard, later[0]):
        assert news.content.startswith(b"event: session\n")
        assert opened["session"]["id"].encode() in news.content


async def test_an_ending_that_no_disk_takes_holds_here_and_says_so(
    world: World, refused: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    opened = await world.open_session()
    monkeypatch.setattr(SlotFile, "put", full)
    with refused():
        answer = await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        assert (answer.status_code, answer.json()["code"]) == (503, "ended_here_only")
        assert await refreshed(world, opened) == (401, "revoked")


async def test_readiness_tells_that_nothing_can_be_written(world: World, refused: Refuse) -> None:
    opened = await world.open_session()
    await world.followed()
    assert (await world.stranger.get("/readyz")).status_code == 200
    with refused():
        await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        assert (await world.stranger.get("/readyz")).status_code == 503
    world.installation.engine.endings.replays.once()
    world.installation.engine.try_to_write()
    assert (await world.stranger.get("/readyz")).status_code == 200


async def test_an_ending_waits_a_second_for_a_writer_that_is_at_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_module, "ENDING_SECONDS", 0.05)
    opened = await world.open_session()
    entered, released = threading.Event(), threading.Event()

    def works_for_long(_: Unit) -> None:
        entered.set()
        released.wait(SECONDS)

    busy = world.installation.engine.submit(works_for_long)
    assert await asyncio.to_thread(entered.wait, SECONDS)
    try:
        answer = await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        assert (answer.status_code, answer.json()["logged"]) == (202, False)
        assert await refreshed(world, opened) == (401, "revoked")
    finally:
        released.set()
    busy.result(SECONDS)


async def test_a_change_that_waits_has_its_sessions_end_beforehand_and_is_saved_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_module, "ENDING_SECONDS", 0.05)
    opened = await world.open_session()
    entered, released = threading.Event(), threading.Event()

    def works_for_long(_: Unit) -> None:
        entered.set()
        released.wait(SECONDS)

    busy = world.installation.engine.submit(works_for_long)
    assert await asyncio.to_thread(entered.wait, SECONDS)
    listener = world.app.node.stream.listen(world.application.id)
    body = {"email": "ada@acme.example", "protected": True}
    protecting = asyncio.create_task(world.backend.put("/api/v1/subjects/ada", json=body))
    try:
        await ending_heard(listener)
        assert await refreshed(world, opened) == (401, "subject_protected")
    finally:
        released.set()
    busy.result(SECONDS)
    assert (await protecting).status_code == 200
    assert (await world.backend.get("/api/v1/subjects/ada")).json()["protected"] is True


async def test_everything_ends_however_many_slices_that_takes(
    world: World, refused: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(end_all, "BATCH", 2)
    opened = [await world.open_session(actor={"id": f"kim{number}"}) for number in range(5)]
    waiting = await world.start(actor={"id": "lee"})
    with refused():
        answer = await world.backend.post(f"{SESSIONS}/revoke", json={"everything": True})
        assert (answer.status_code, answer.json()["code"]) == (503, "ended_not_saved")
        for one in opened:
            assert await refreshed(world, one) == (401, "revoked")
    again = await world.backend.post(f"{SESSIONS}/revoke", json={"everything": True})
    assert again.status_code == 200
    token = {"impersonation_token": waiting["impersonation_token"]}
    exchanged = await world.backend.post("/api/v1/impersonations/exchange", json=token)
    assert exchanged.status_code == 401
