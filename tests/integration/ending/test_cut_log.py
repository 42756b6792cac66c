"""Somebody cut the log's tail: the node goes on to end sessions, and starts again to do so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.contract.storage.engines import tamper
from tests.fixtures import service
from tests.fixtures.service import World, client
from understudy.config import Settings
from understudy.service.app import create_app
from understudy.service.opening import open_to_serve

SESSIONS = "/api/v1/sessions"


def cut_tail(world: World, url: str) -> None:
    """Take the last entry away, and everything that tells of it."""
    database = world.installation.database
    engine = world.installation.engine
    with engine.reading_log() as log:
        before = log.head()
        size = log.size()
    assert before is not None
    tamper(database, url, f"DELETE FROM log_entries WHERE idx = {size - 1}")
    tamper(
        database, url, f"UPDATE log_head SET note = replace(note, '\n{size}\n', '\n{size - 1}\n')"
    )


async def refreshed(backend: httpx.AsyncClient, opened: dict[str, Any]) -> tuple[int, str | None]:
    token = {"session_token": opened["session_token"]}
    answer = await backend.post(f"{SESSIONS}/refresh", json=token)
    return answer.status_code, answer.json().get("rule") or answer.json().get("code")


async def test_a_node_whose_log_was_cut_ends_sessions(tmp_path: Path, database_url: str) -> None:
    async with service.world(tmp_path, database_url) as world:
        opened = await world.open_session()
        cut_tail(world, database_url)
        answer = await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        assert (answer.status_code, answer.json()["logged"]) == (202, False)
        assert await refreshed(world.backend, opened) == (401, "revoked")
        assert (await world.stranger.get("/readyz")).json()["code"] == "log_unwritable"


@asynccontextmanager
async def started_again(world: World, data: Path, url: str) -> AsyncIterator[Any]:
    """The node as ``serve`` starts it."""
    settings = Settings(data_dir=data, database_url=url, rate_multiplier=0.0)
    engine, database, halted = open_to_serve(settings, clock=world.installation.clock)
    assert halted is not None
    assert "audit log" in halted
    app = create_app(engine, database, settings, halted=halted)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
        engine.close()


async def test_a_node_that_starts_on_a_cut_log_ends_sessions_and_does_nothing_else(
    tmp_path: Path, database_url: str
) -> None:
    async with service.world(tmp_path, database_url) as world:
        ended, live = await world.open_session(), await world.open_session(actor={"id": "lee"})
        cut_tail(world, database_url)
        await world.backend.post(f"{SESSIONS}/{ended['session']['id']}/revoke")
        auth = (world.application.id, world.secret)
    async with (
        started_again(world, tmp_path / "data", database_url) as app,
        client(app, auth=auth) as backend,
    ):
        assert await refreshed(backend, ended) == (401, "revoked")
        ready = await backend.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["detail"].startswith("The audit log does not verify")
        # One that lives is not served: what is done in it could not be written down.
        assert await refreshed(backend, live) == (503, "unavailable")
        shown = await backend.get(f"{SESSIONS}/{live['session']['id']}")
        assert shown.status_code == 200
        asked = {"subject_id": "ada", "reason": "Looking at it", "actor": {"id": "kim"}}
        refused = await backend.post("/api/v1/impersonations", json=asked)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        answer = await backend.post(f"{SESSIONS}/{live['session']['id']}/revoke")
        assert (answer.status_code, answer.json()["effective"]) == (202, True)
        assert (await refreshed(backend, live))[0] == 401
