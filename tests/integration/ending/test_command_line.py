"""Whoever has data directory and key ends sessions of a running service, without its database."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tests.fixtures import service
from tests.integration.ending.test_other_nodes import next_ending
from understudy.cli.commands import app


async def test_a_running_service_obeys_what_the_command_line_left_in_a_slot(
    tmp_path: Path,
) -> None:
    async with service.world(tmp_path) as world:
        opened = await world.open_session()
        words = ["sessions", "end", "--spool", opened["session"]["id"]]
        done = CliRunner().invoke(app, [*words, "--data-dir", str(tmp_path / "data")])
        assert done.exit_code == 0, done.output
        news = await next_ending(world.app, world.application.id)
        assert news.ending.ref == opened["session"]["id"]
        token = {"session_token": opened["session_token"]}
        answer = await world.backend.post("/api/v1/sessions/refresh", json=token)
        assert answer.status_code == 401
