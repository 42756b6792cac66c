"""Two nodes on one PostgreSQL: what one was told, the other obeys before any row says it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.contract.storage.test_stuck_lock import stopped_holder
from tests.fixtures import service
from tests.fixtures.outages import inserts_refused
from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.service import World, client
from understudy.config import Settings
from understudy.core.notices.events import EventType
from understudy.http.stream import EndingNews
from understudy.service.app import Service, create_app
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Dialect
from understudy.storage.database.databases import open_database
from understudy.storage.database.postgresql import TOLD_CHANNEL
from understudy.storage.engine.engine import open_engine

SESSIONS = "/api/v1/sessions"


@asynccontextmanager
async def other_node(world: World, url: str, folder: Path, key_in: Path) -> AsyncIterator[Service]:
    """A node with a data directory of its own, and the same key."""
    key = DataDirectory(key_in).known_key()
    database = open_database(url)
    clock = world.installation.clock
    engine = open_engine(database, DataDirectory(folder), key=key, clock=clock)
    app = create_app(engine, database, Settings(rate_multiplier=0.0))
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
        engine.close()


async def next_ending(app: Service, application_id: str) -> EndingNews:
    """The next ending that a node tells its listeners of."""
    async for news in app.node.stream.listen(application_id).news():
        for one in news:
            if isinstance(one, EndingNews):
                return one
    raise AssertionError("the stream was closed")


async def refreshed(backend: httpx.AsyncClient, token: str) -> tuple[int, str | None]:
    answer = await backend.post(f"{SESSIONS}/refresh", json={"session_token": token})
    return answer.status_code, answer.json().get("rule")


async def test_another_node_obeys_though_nothing_can_be_written(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with postgres_server.database() as url:
        async with (
            service.world(tmp_path, url) as world,
            other_node(world, url, tmp_path / "other", tmp_path / "data") as other,
            client(other, auth=(world.application.id, world.secret)) as backend,
        ):
            opened = await world.open_session()
            token = opened["session_token"]
            with inserts_refused(url, Dialect.POSTGRESQL):
                await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
                news = await next_ending(other, world.application.id)
                assert news.ending.ref == opened["session"]["id"]
                assert await refreshed(backend, token) == (401, "revoked")
            world.installation.engine.endings.replays.once()
            assert await refreshed(backend, token) == (401, "revoked")


@pytest.mark.parametrize("text", ["obey 00", "obey zz", "logged abc def", "", "obey " + "ab" * 90])
async def test_whoever_lacks_the_key_ends_nothing_by_telling_so(
    postgres_server: PostgresServer, tmp_path: Path, text: str
) -> None:
    with postgres_server.database() as url:
        async with service.world(tmp_path, url) as world:
            opened = await world.open_session()
            with psycopg.connect(url, autocommit=True) as stranger:
                stranger.execute("SELECT pg_notify(%s, %s)", (TOLD_CHANNEL, text))
            world.installation.engine.endings.hear(text)
            assert not world.installation.engine.endings.spool.in_force
            assert await refreshed(world.backend, opened["session_token"]) == (200, None)


async def test_a_stopped_node_that_holds_the_lock_keeps_no_session_alive(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with postgres_server.database() as url:
        async with service.world(tmp_path, url) as world:
            opened = await world.open_session()
            one = f"{SESSIONS}/{opened['session']['id']}"
            with stopped_holder(url, tmp_path / "data"):
                answer = await world.backend.post(f"{one}/revoke")
                assert (answer.status_code, answer.json()["logged"]) == (202, False)
                token = opened["session_token"]
                assert await refreshed(world.backend, token) == (401, "revoked")
                # Whoever waits for the lock ends the one who holds it and does nothing.
                await asyncio.to_thread(world.installation.engine.endings.replays.once)
                assert world.logged().count(EventType.SESSION_REVOKED) == 1
            again = await world.backend.post(f"{one}/revoke")
            assert (again.status_code, again.json()["logged"]) == (200, True)
