"""The decision point of the page runs, and decides over starts as the page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.decision_point import deciding
from tests.fixtures.service import World, world
from understudy.core.people.permissions import Role

PAGE = (Path(__file__).parents[2] / "docs/howto/decision-points.md").read_text("utf-8")
TOKEN = "a-token-of-the-page"


def block(language: str, number: int = 0) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.+?)```", PAGE, re.DOTALL)
    return found[number]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Where the page's own decision point is."""
    file = tmp_path / "pdp.py"
    file.write_text(block("python"))
    with subprocess.Popen(
        [sys.executable, str(file), "0"],
        env={**os.environ, "PDP_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        try:
            yield running.stdout.readline().strip()
        finally:
            running.kill()


async def start(found: World, **more: str) -> tuple[int, str | None]:
    asked = json.loads(block("json"))
    body = {
        "subject_id": asked["resource"]["id"],
        "actor": {"id": asked["subject"]["id"]},
        "reason": asked["context"]["reason"],
    }
    answer = await found.backend.post("/api/v1/impersonations", json=body | more)
    return answer.status_code, answer.json()["rule"] if answer.status_code == 403 else None


async def test_the_page_is_followed(url: str, tmp_path: Path) -> None:
    async with world(tmp_path / "data", webhook_allowed_hosts=("127.0.0.1",)) as found:
        admin = (await found.operator(Role.ADMIN)).browser
        point = f"/api/v1/applications/{found.application.id}/decision-point"
        given = json.loads(block("json", 1)) | {"url": url, "timeout_ms": 5_000}
        tried = await admin.post(f"{point}/try", json=given | {"credential": "wrong"})
        assert tried.json()["fault"] == "It answered with the status 401."
        given["credential"] = TOKEN
        tried = await admin.post(f"{point}/try", json=given)
        assert (tried.json()["fault"], tried.json()["reason"]) == (None, "no_ticket")
        assert (await admin.put(point, json=given)).status_code == 200
        assert await start(found) == (403, "decision_point_refuses")
        assert await start(found, ticket="SUP-7") == (201, None)


async def test_the_question_of_the_page_is_the_one_that_is_asked(tmp_path: Path) -> None:

    with deciding() as pdp:
        async with world(tmp_path, webhook_allowed_hosts=("127.0.0.1",)) as found:
            admin = (await found.operator(Role.ADMIN)).browser
            point = f"/api/v1/applications/{found.application.id}/decision-point"
            await admin.put(point, json={"url": pdp.url, "timeout_ms": 5_000})
            assert await start(found, ticket="SUP-7") == (201, None)
            expected = json.loads(block("json"))
            expected["context"]["application_id"] = found.application.id
    (asked,) = pdp.asked
    # Users of the tests belong to an organization and have an address, which the page leaves out.
    for name in ("email", "organization_id"):
        asked["resource"]["properties"].pop(name, None)
    assert asked == expected
