"""Limits are no weapon: whoever proves who they are is served, whatever others try beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fixtures import service
from tests.fixtures.service import OWN_SITE, World, client
from understudy.core.people.permissions import Role
from understudy.errors import TooManyRequests
from understudy.http.rate_limits import BAD_CREDENTIALS_PER_MINUTE, PER_MINUTE


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with service.world(tmp_path, rate_multiplier=1.0) as world:
        yield world


async def test_wrong_credentials_do_not_stop_right_ones_behind_the_same_address(
    world: World,
) -> None:
    session_id = (await world.open_session())["session"]["id"]
    sam = await world.operator(Role.SUPPORT_MANAGER)
    async with client(world.app, auth=(world.application.id, "usk_wrong")) as guessing:
        statuses = [
            (await guessing.get("/api/v1/application")).status_code
            for _ in range(BAD_CREDENTIALS_PER_MINUTE + 5)
        ]
    assert statuses == [401] * BAD_CREDENTIALS_PER_MINUTE + [429] * 5
    stolen = client(world.app, headers={"cookie": "__Host-understudy-operator=uso_no", **OWN_SITE})
    assert (await stolen.get("/api/v1/me")).status_code == 429
    assert (await world.backend.get("/api/v1/application")).status_code == 200
    revoked = await sam.browser.post(f"/api/v1/sessions/{session_id}/revoke")
    assert revoked.status_code == 200


async def test_ending_and_recording_have_no_limit(world: World) -> None:
    session_id = (await world.open_session())["session"]["id"]
    limits = world.app.node.rate_limits
    for rate_class in PER_MINUTE:
        with suppress(TooManyRequests):
            for _ in range(PER_MINUTE[rate_class]):
                limits.count(rate_class, world.application.id)
    assert (await world.backend.get("/api/v1/sessions")).status_code == 429
    one = f"/api/v1/sessions/{session_id}"
    action = {"id": "a1b2c3d4", "method": "GET", "path": "/", "phase": "completed", "status": 200}
    action["at"] = world.installation.clock().isoformat()
    written = await world.backend.post(f"{one}/actions", json={"actions": [action]})
    assert written.status_code == 200, written.text
    assert (await world.backend.post(f"{one}/end")).status_code == 200
