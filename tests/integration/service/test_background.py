from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fixtures.event_stream import listening
from tests.fixtures.service import World
from understudy.core.notices.events import EventType
from understudy.core.ports import EntryFilter, Unit
from understudy.service import background
from understudy.service.background import TOKENS_KEPT, purge


async def test_what_runs_out_of_time_ends_by_itself(world: World) -> None:
    opened = await world.open_session()
    unused = await world.start()
    auth, last = (world.application.id, world.secret), len(world.logged()) - 1
    async with listening(world.app, auth=auth, last_event_id=last) as stream:
        world.installation.clock.forward(minutes=10)
        idle = await stream.next("session")
        assert idle.data == {
            "session_id": opened["session"]["id"],
            "type": "session.expired",
            "cause": "idle",
        }
        world.installation.clock.forward(minutes=5)
        grant = f"/api/v1/grants/{unused['grant']['id']}"
        while (await world.backend.get(grant)).json()["status"] != "expired":
            await stream.next("heartbeat")
    assert world.logged()[-1] == EventType.GRANT_EXPIRED


async def test_what_retention_no_longer_covers_is_erased_by_the_service_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await world.open_session(reason="Zanzibar asked about an invoice")
    await world.backend.post(f"/api/v1/sessions/{opened['session']['id']}/end", json={})
    world.installation.clock.forward(days=31)
    await world.app.stop()
    monkeypatch.setattr(background, "RETAIN_SECONDS", 0.02)
    monkeypatch.setattr(background, "RETAIN_PAUSE", 0.0)
    await world.app.start()
    auth = (world.application.id, world.secret)
    async with listening(world.app, auth=auth) as stream:
        while EventType.AUDIT_ERASED not in world.logged():
            await stream.next("heartbeat")
    entries = list(world.installation.engine.stream_entries(EntryFilter()))
    old = [entry for entry in entries if entry.type == EventType.SESSION_STARTED]
    assert [(entry.core, entry.personal) for entry in old] == [(None, None)]
    assert world.installation.engine.verify().ok


async def test_tidying_up_leaves_what_is_still_of_use(world: World) -> None:
    engine, clock = world.installation.engine, world.installation.clock
    token = (await world.start())["impersonation_token"]

    def known(unit: Unit) -> bool:
        return unit.impersonation_tokens.by_token(token) is not None

    clock.forward(seconds=60)
    clock.now += TOKENS_KEPT - timedelta(seconds=1)
    engine.run(purge)
    assert engine.run(known)
    clock.forward(seconds=2)
    engine.run(purge)
    assert not engine.run(known)


async def test_refusals_that_were_counted_get_their_entry_by_themselves(world: World) -> None:
    auth, body = (world.application.id, world.secret), {"impersonation_token": "usi_unknown"}
    for _ in range(3):
        await world.backend.post("/api/v1/impersonations/exchange", json=body)
    async with listening(world.app, auth=auth) as stream:
        world.installation.clock.forward(minutes=1)
        while world.logged().count(EventType.TOKEN_REFUSED) < 2:
            await stream.next("heartbeat")
    entries = list(world.installation.engine.stream_entries(EntryFilter()))
    told = [entry.core or {} for entry in entries if entry.type == EventType.TOKEN_REFUSED]
    assert [dict(core.get("details") or {}).get("repeats") for core in told] == [None, 2]  # type: ignore[arg-type]


async def test_a_row_that_was_changed_from_outside_is_told_of(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await world.open_session()
    await world.app.stop()
    monkeypatch.setattr(background, "TRY_SECONDS", 0.02)
    await world.app.start()
    with world.installation.database.writing() as transaction:
        # Past the place that would seal it.
        row = transaction.one("sessions_get", {"id": opened["session"]["id"]})
        assert row is not None
        transaction.change("sessions_save", {**row, "last_active_at": 0})
    body = {"session_token": opened["session_token"]}
    answer = await world.backend.post("/api/v1/sessions/refresh", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    auth = (world.application.id, world.secret)
    async with listening(world.app, auth=auth) as stream:
        while EventType.ROW_FORGED not in world.logged():
            await stream.next("heartbeat")
