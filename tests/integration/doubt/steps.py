"""What several tests here do and ask."""

from __future__ import annotations

from typing import Any

import httpx

from tests.fixtures.service import World
from understudy.errors import Unavailable


def require_unknown(answer: httpx.Response) -> None:
    """The answer says that nothing is known, and not that nothing was changed."""
    assert (answer.status_code, answer.json()["code"]) == (503, "outcome_unknown"), answer.text
    assert "nothing was changed" not in answer.text
    assert "same call with the same key" in answer.json()["detail"]


async def is_live(world: World, opened: dict[str, Any]) -> bool:
    """Whether the session goes on."""
    answer = await world.backend.post(
        "/api/v1/sessions/refresh", json={"session_token": opened["session_token"]}
    )
    return answer.status_code == 200


def write(world: World) -> None:
    """Write something as soon as flows are taken again."""
    for _ in range(1_000_000):
        try:
            world.installation.engine.run(lambda unit: unit.meta.put("fact", "value"))
        except Unavailable:
            continue
        return
    raise AssertionError("nothing is taken any more")
