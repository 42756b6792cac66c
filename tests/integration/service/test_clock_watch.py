from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.fixtures import service
from tests.fixtures.engine import TestClock, TestCounter
from tests.fixtures.outages import inserts_refused
from tests.fixtures.service import World
from understudy.config import Settings
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import EntryFilter
from understudy.errors import Unavailable
from understudy.flows.clock import confirm
from understudy.flows.clock_doubt import add_unconfirmed
from understudy.service import background
from understudy.service.app import create_app
from understudy.service.clock_watch import ClockWatch
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Dialect
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import open_engine

_CLOCK = frozenset({EventType.CLOCK_LEAPT, EventType.CLOCK_RETURNED, EventType.CLOCK_ADOPTED})


@pytest.fixture
def counter() -> TestCounter:
    return TestCounter()


@pytest.fixture
async def world(
    tmp_path: Path, counter: TestCounter, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A service whose time passes by ``counter``, and whose clock nobody looks at by itself."""
    monkeypatch.setattr(background, "CLOCK_SECONDS", 3_600.0)
    async with service.world(tmp_path, elapsed=counter) as found:
        yield found


def told(world: World) -> list[tuple[str, object]]:
    found = world.installation.engine.stream_entries(EntryFilter(types=_CLOCK))
    return [(entry.type, entry.core and entry.core["details"]) for entry in found]


async def test_a_leap_ahead_and_back_is_told_and_changes_nothing_else(
    world: World, counter: TestCounter
) -> None:
    watch = ClockWatch(world.app.node)
    world.installation.clock.forward(seconds=60)
    await watch.look()
    await watch.look()
    counter.forward(seconds=3)
    world.installation.clock.forward(seconds=-57)
    await watch.look()
    assert told(world) == [
        ("clock.leapt", {"apart_ms": 60_000}),
        ("clock.returned", {"apart_ms": 60_000}),
    ]
    opened = await world.open_session()
    assert opened["server_time"] == "2026-11-22T09:30:03Z"


async def test_a_clock_that_stays_set_is_followed_and_everybody_is_out(
    world: World, counter: TestCounter
) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    opened, waiting = await world.open_session(), await world.start()
    watch = ClockWatch(world.app.node)
    world.installation.clock.forward(hours=-1)
    await watch.look()
    for passed in (59, 1):
        assert (await sam.browser.get("/api/v1/me")).status_code == 200
        counter.forward(seconds=passed)
        world.installation.clock.forward(seconds=passed)
        await watch.look()
    assert told(world) == [
        ("clock.leapt", {"apart_ms": -3_600_000}),
        ("clock.adopted", {"apart_ms": -3_600_000, "signed_out": 1}),
    ]
    assert (await sam.browser.get("/api/v1/me")).status_code == 401
    token = {"session_token": opened["session_token"]}
    answer = await world.backend.post("/api/v1/sessions/refresh", json=token)
    assert (answer.json()["code"], answer.json()["rule"]) == ("session_over", "clock_doubt")
    grant = await world.backend.get(f"/api/v1/grants/{waiting['grant']['id']}")
    assert grant.json()["status"] == "cancelled"


async def test_what_could_not_be_told_is_told_the_next_time_and_sessions_end_before(
    world: World, counter: TestCounter, tmp_path: Path
) -> None:
    opened = await world.open_session()
    watch = ClockWatch(world.app.node)
    world.installation.clock.forward(hours=-1)
    await watch.look()
    counter.forward(seconds=60)
    world.installation.clock.forward(seconds=60)
    with (
        inserts_refused(f"sqlite:///{tmp_path / 'understudy.db'}", Dialect.SQLITE),
        pytest.raises(Unavailable),
    ):
        await watch.look()
    token = {"session_token": opened["session_token"]}
    answer = await world.backend.post("/api/v1/sessions/refresh", json=token)
    assert (answer.json()["code"], answer.json()["rule"]) == ("session_over", "clock_doubt")
    assert [event_type for event_type, _ in told(world)] == ["clock.leapt"]
    await watch.look()
    assert [event_type for event_type, _ in told(world)] == ["clock.leapt", "clock.adopted"]


async def test_a_start_behind_the_log_ends_sessions_and_lets_nobody_begin(
    world: World, tmp_path: Path
) -> None:
    opened, waiting = await world.open_session(), await world.start()
    world.installation.engine.close()
    settings = Settings(data_dir=tmp_path / "data", rate_multiplier=0.0)
    database = open_database(f"sqlite:///{tmp_path / 'understudy.db'}")
    early = TestClock(world.installation.clock() - timedelta(hours=1))
    with closing(open_engine(database, DataDirectory(tmp_path / "data"), clock=early)) as engine:
        app = create_app(engine, database, settings)
        auth = (world.application.id, world.secret)
        async with service.client(app, auth=auth) as backend:
            watch = ClockWatch(app.node)
            await watch.look()
            await watch.look()
            token = {"session_token": opened["session_token"]}
            answer = await backend.post("/api/v1/sessions/refresh", json=token)
            assert (answer.json()["code"], answer.json()["rule"]) == ("session_over", "clock_doubt")
            grant = await backend.get(f"/api/v1/grants/{waiting['grant']['id']}")
            assert grant.json()["status"] == "cancelled"
            ask = {"subject_id": "ada", "reason": service.REASON, "actor": {"id": "kim"}}
            refused = await backend.post("/api/v1/impersonations", json=ask)
            assert (refused.status_code, refused.json()["code"]) == (503, "clock_in_doubt")
            engine.run(partial(confirm, by=SYSTEM))
            assert (await backend.post("/api/v1/impersonations", json=ask)).status_code == 201
        found = engine.stream_entries(EntryFilter(types=frozenset({EventType.CLOCK_LEAPT})))
        assert [entry.core and entry.core["details"] for entry in found] == [
            {"apart_ms": -3_600_000}
        ]


@pytest.mark.parametrize("hours", [-1, 1])
async def test_readiness_tells_a_clock_that_leapt(world: World, hours: int) -> None:
    await world.followed()
    world.installation.clock.forward(hours=hours)
    ready = await world.stranger.get("/readyz")
    assert (ready.status_code, ready.json()["clock"]) == (200, "in_doubt")


async def test_readiness_tells_what_else_is_known_against_the_clock(
    world: World, tmp_path: Path
) -> None:
    engine = world.installation.engine
    await world.followed()

    async def told() -> object:
        return (await world.stranger.get("/readyz")).json()["clock"]

    engine.run(lambda unit: add_unconfirmed(unit, timedelta(hours=25)))
    assert await told() == "unconfirmed"
    database = open_database(f"sqlite:///{tmp_path / 'understudy.db'}")
    ahead = TestClock(world.installation.clock() + timedelta(hours=1))
    with closing(open_engine(database, DataDirectory(tmp_path / "data"), clock=ahead)) as other:
        other.run(partial(confirm, by=SYSTEM))
    assert await told() == "behind"
    engine.run(partial(confirm, by=SYSTEM))
    assert await told() == "ok"
