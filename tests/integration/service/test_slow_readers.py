"""A client's pace holds nothing of the service's: no snapshot, no connection, no event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from starlette.types import Message

from tests.fixtures import service
from tests.fixtures.service import BASE, SignedInOperator, World
from understudy.core.notices.events import Event, EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import Unit
from understudy.storage.database.sqlite import READERS

DOWNLOADS = 16
PATIENCE_SECONDS = 3.0


class Sluggard:
    """A client that takes the beginning of an answer, and then nothing."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self.begun.set()
            await asyncio.Event().wait()

    async def receive(self) -> Message:
        await asyncio.Event().wait()
        raise AssertionError  # nobody sets it


@asynccontextmanager
async def downloading(world: World, who: SignedInOperator, query: bytes) -> AsyncIterator[None]:
    """An export that has begun, and goes no further."""
    request = who.browser.build_request("GET", f"{BASE}/api/v1/audit/export")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/api/v1/audit/export",
        "raw_path": b"/api/v1/audit/export",
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "server": ("localhost", 8700),
    }
    client = Sluggard()
    task = asyncio.create_task(world.app(scope, client.receive, client.send))
    try:
        await asyncio.wait_for(client.begun.wait(), PATIENCE_SECONDS)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def fill(unit: Unit) -> None:
    for _ in range(1_500):
        unit.record(Event(type=EventType.SUBJECT_SAVED, reason="x" * 400))


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    async with service.world(tmp_path, database_url) as world:
        world.installation.engine.run(fill)
        yield world


@pytest.mark.parametrize("query", [b"", b"format=csv", b"format=ocsf"])
async def test_downloads_that_nobody_reads_are_in_nobodys_way(
    world: World, query: bytes, database_url: str
) -> None:
    session_id = (await world.open_session())["session"]["id"]
    ann = await world.operator(Role.AUDITOR, email="ann@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    async with AsyncExitStack() as downloads:
        for _ in range(DOWNLOADS):
            await downloads.enter_async_context(downloading(world, ann, query))
        async with asyncio.timeout(PATIENCE_SECONDS):
            ready = await world.stranger.get("/readyz")
            revoked = await sam.browser.post(f"/api/v1/sessions/{session_id}/revoke")
        assert (ready.status_code, revoked.status_code) == (200, 200)
        if database_url.startswith("postgresql"):
            assert idle_transactions(database_url) == 0


def idle_transactions(url: str) -> int:
    with psycopg.connect(url) as raw:
        found = raw.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in transaction%'"
        ).fetchone()
    assert found is not None
    return int(found[0])


async def test_reads_that_wait_for_a_connection_do_not_hold_up_the_event_loop(
    world: World,
) -> None:
    with ExitStack() as everybody:
        for _ in range(READERS):
            everybody.enter_context(world.installation.engine.reading())
        asking = asyncio.create_task(world.app.node.read(lambda reader: reader.entries.size()))
        began = time.monotonic()
        for _ in range(1_000):
            await asyncio.sleep(0)
        assert time.monotonic() - began < PATIENCE_SECONDS
    assert await asking > 0
