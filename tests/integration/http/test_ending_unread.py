"""The database cannot even be read: who was seen last may end, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.fixtures import service
from tests.fixtures.service import World
from understudy.errors import Unavailable

SESSIONS = "/api/v1/sessions"
REVOKE = "/oauth2/revoke"


@contextmanager
def unreadable(world: World) -> Iterator[None]:
    """Every look at the database fails, and so does every write."""

    def fail(*_: object, **__: object) -> None:
        raise Unavailable(internal="the database is away")

    database = type(world.installation.database)
    with patch.object(database, "reading", fail), patch.object(database, "writing", fail):
        yield


async def seen_session(world: World) -> tuple[str, str]:
    """A session of which this node has heard by the log: its id and its token."""
    listener = world.app.node.stream.listen(world.application.id)
    opened = await world.open_session()
    async for news in listener.news():
        if any(getattr(one, "session_id", None) == opened["session"]["id"] for one in news):
            break
    return opened["session"]["id"], opened["session_token"]


def require_last_seen(world: World) -> None:
    """The newest entry says how its doer was known."""
    with world.installation.engine.reading() as reader:
        *_, last = reader.entries.after(-1, limit=100)
    assert last.core is not None
    details = last.core["details"]
    assert isinstance(details, dict)
    assert details["proven"] == "last_seen"


async def test_who_was_seen_last_ends_a_session_and_the_entry_says_so(tmp_path: Path) -> None:
    async with service.world(tmp_path) as world:
        session_id, token = await seen_session(world)
        with unreadable(world):
            answer = await world.backend.post(f"{SESSIONS}/{session_id}/revoke")
            assert (answer.status_code, answer.json()["code"]) == (503, "ended_not_saved")
        world.installation.engine.endings.replays.once()
        answer = await world.backend.post(f"{SESSIONS}/refresh", json={"session_token": token})
        assert (answer.status_code, answer.json()["rule"]) == (401, "revoked")
        require_last_seen(world)


@pytest.mark.parametrize("forget", [False, True], ids=["known client", "unknown client"])
async def test_a_session_token_ends_its_own_session(tmp_path: Path, forget: bool) -> None:
    async with service.world(tmp_path) as world:
        opened = await world.open_session()
        token, shop = opened["session_token"], world.other_application()
        await shop.backend.get("/api/v1/application")
        if forget:
            world.app.node.known_applications.forget()
        with unreadable(world):
            for who, shown in ((shop.backend, token), (world.backend, "made-up")):
                refused = await who.post(REVOKE, data={"token": shown})
                assert refused.status_code == 503
            assert not world.installation.engine.endings.spool.in_force
            answer = await world.backend.post(REVOKE, data={"token": token})
            assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
        world.installation.engine.endings.replays.once()
        answer = await world.backend.post(f"{SESSIONS}/refresh", json={"session_token": token})
        assert (answer.status_code, answer.json()["rule"]) == (401, "revoked")
        require_last_seen(world)


async def test_nobody_else_ends_anything_and_who_may_end_does_nothing_else(tmp_path: Path) -> None:
    async with service.world(tmp_path) as world:
        session_id, token = await seen_session(world)
        shop = world.other_application()
        await shop.backend.get("/api/v1/application")
        with unreadable(world):
            for who in (shop.backend, world.stranger):
                refused = await who.post(f"{SESSIONS}/{session_id}/revoke")
                assert refused.json()["code"] in ("unavailable", "not_signed_in")
            unknown = await world.backend.post(f"{SESSIONS}/ses_unknown/revoke")
            assert unknown.json()["code"] == "unavailable"
            asked = await world.backend.post(f"{SESSIONS}/refresh", json={"session_token": token})
            assert asked.status_code == 503
        assert not world.installation.engine.endings.spool.in_force
        answer = await world.backend.post(f"{SESSIONS}/refresh", json={"session_token": token})
        assert answer.status_code == 200
