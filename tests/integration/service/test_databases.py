"""The main story over HTTP, on each database."""

from __future__ import annotations

from pathlib import Path

from tests.fixtures import service
from tests.fixtures.event_stream import listening
from understudy.core.people.permissions import Role


async def test_a_session_is_started_seen_and_revoked(tmp_path: Path, database_url: str) -> None:
    async with service.world(tmp_path, database_url) as world:
        opened = await world.open_session()
        session_id = opened["session"]["id"]
        sam = await world.operator(Role.SUPPORT_MANAGER)
        seen = await sam.browser.get("/api/v1/sessions", params={"state": "live"})
        assert [item["id"] for item in seen.json()["items"]] == [session_id]
        auth, last = (world.application.id, world.secret), len(world.logged()) - 1
        async with listening(world.app, auth=auth, last_event_id=last) as stream:
            await sam.browser.post(f"/api/v1/sessions/{session_id}/revoke")
            assert (await stream.next("session")).data["session_id"] == session_id
        token = {"session_token": opened["session_token"]}
        answer = await world.backend.post("/api/v1/sessions/refresh", json=token)
        assert (answer.status_code, answer.json()["rule"]) == (401, "revoked")
        entries = (await world.backend.get("/api/v1/audit/entries")).json()["items"]
        assert entries[0]["type"] == "session.revoked"
        ann = await world.operator(Role.AUDITOR, email="ann@support.example")
        exported = await ann.browser.get("/api/v1/audit/export")
        assert exported.text.count("\n") == 1 + len(world.logged())
