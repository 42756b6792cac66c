"""What callers of the service hear, and what is in the log, when the answer to COMMIT gets lost."""

from __future__ import annotations

import pytest

from tests.fixtures.losses import ENTRIES, FOR_GOOD, Losses
from tests.fixtures.service import REASON, World
from tests.integration.doubt.steps import is_live, require_unknown, write
from understudy.core.people.permissions import Role

START = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
SOON = 0.05
ACTION = {
    "id": "a1",
    "phase": "completed",
    "method": "GET",
    "path": "/orders/17",
    "at": "2026-11-22T09:30:00Z",
    "status": 200,
}


@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("refusals", [1, 3])
async def test_a_start_makes_one_grant(
    world: World, losses: Losses, refusals: int, reached: bool
) -> None:
    losses.lose(ENTRIES, reached=reached, refusals=refusals)
    answer = await world.backend.post("/api/v1/impersonations", json=START)
    assert losses.lost.wait(10)
    assert answer.status_code == 201, answer.text
    assert world.logged().count("grant.created") == 1
    token = {"impersonation_token": answer.json()["impersonation_token"]}
    opened = await world.backend.post("/api/v1/impersonations/exchange", json=token)
    assert opened.status_code == 200, opened.text


@pytest.mark.parametrize("reached", [True, False])
async def test_an_exchange_makes_one_session_and_raises_no_alarm(
    world: World, losses: Losses, reached: bool
) -> None:
    started = await world.start()
    losses.lose(ENTRIES, reached=reached, refusals=3)
    token = {"impersonation_token": started["impersonation_token"]}
    opened = await world.backend.post("/api/v1/impersonations/exchange", json=token)
    assert losses.lost.wait(10)
    assert opened.status_code == 200, opened.text
    assert "token.replayed" not in world.logged()
    assert await is_live(world, opened.json())


@pytest.mark.parametrize("reached", [True, False])
async def test_actions_are_logged_once(world: World, losses: Losses, reached: bool) -> None:
    opened = await world.open_session()
    path = f"/api/v1/sessions/{opened['session']['id']}/actions"
    losses.lose(ENTRIES, reached=reached, refusals=3)
    answer = await world.backend.post(path, json={"actions": [ACTION, ACTION | {"id": "a2"}]})
    assert losses.lost.wait(10)
    assert answer.status_code == 200, answer.text
    assert world.logged().count("action.completed") == 2


@pytest.mark.parametrize("reached", [True, False])
async def test_nothing_was_changed_is_never_said_of_what_may_have_been(
    world: World, losses: Losses, reached: bool
) -> None:
    world.installation.engine.writer._told_after = SOON
    losses.lose(ENTRIES, reached=reached, refusals=FOR_GOOD, all_gone=False)
    answer = await world.backend.post("/api/v1/impersonations", json=START)
    require_unknown(answer)
    # What comes later has not begun, and hears so.
    later = await world.backend.post("/api/v1/impersonations", json=START)
    assert (later.status_code, later.json()["code"]) == (503, "unavailable")
    losses.heal()
    write(world)
    assert world.logged().count("grant.created") == (1 if reached else 0)


@pytest.mark.parametrize("reached", [True, False])
async def test_an_exchange_that_is_not_known_revokes_nothing(
    world: World, losses: Losses, reached: bool
) -> None:
    world.installation.engine.writer._told_after = SOON
    started = await world.start()
    losses.lose(ENTRIES, reached=reached, refusals=FOR_GOOD, all_gone=False)
    token = {"impersonation_token": started["impersonation_token"]}
    answer = await world.backend.post("/api/v1/impersonations/exchange", json=token)
    require_unknown(answer)
    losses.heal()
    write(world)
    assert "token.replayed" not in world.logged()
    listed = (await world.backend.get("/api/v1/sessions?state=live")).json()["items"]
    assert len(listed) == (1 if reached else 0)
    assert not [kind for kind in world.logged() if kind.startswith(("session.r", "ending."))]


async def test_a_session_ends_while_a_commit_is_not_known(world: World, losses: Losses) -> None:
    world.installation.engine.writer._told_after = SOON
    opened = await world.open_session()
    losses.lose(ENTRIES, refusals=FOR_GOOD, all_gone=False)
    require_unknown(await world.backend.post("/api/v1/impersonations", json=START))
    path = f"/api/v1/sessions/{opened['session']['id']}/revoke"
    revoked = await world.backend.post(path)
    assert (revoked.status_code, revoked.json()["logged"]) == (202, False)
    assert not await is_live(world, opened)
    losses.heal()
    write(world)
    world.installation.engine.endings.replays.once()
    assert world.logged().count("session.revoked") == 1
    assert world.logged().count("grant.created") == 2


@pytest.mark.parametrize("reached", [True, False])
async def test_a_change_that_ends_sessions_ends_them_and_is_not_called_unsaved(
    world: World, losses: Losses, reached: bool
) -> None:
    # A second and more: those that are over are found out before anything is told.
    world.installation.engine.writer._told_after = 1.5
    admin = await world.operator(Role.ADMIN)
    opened = await world.open_session()
    losses.lose(ENTRIES, reached=reached, refusals=FOR_GOOD, all_gone=False)
    path = f"/api/v1/subjects/ada?application_id={world.application.id}"
    answer = await admin.browser.delete(path)
    require_unknown(answer)
    assert not await is_live(world, opened)
    losses.heal()
    write(world)
    assert world.logged().count("subject.deleted") == (1 if reached else 0)
    await admin.browser.aclose()
