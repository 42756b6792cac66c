"""The same call with the same Idempotency-Key, after its outcome was not known: one result."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.losses import ENTRIES, FOR_GOOD, Losses
from tests.fixtures.service import REASON, World
from tests.integration.doubt.steps import is_live, require_unknown, write

KEY = {"idempotency-key": "once-1"}
PATH = "/api/v1/impersonations"
START = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
SOON = 0.05


def _action(number: int) -> dict[str, Any]:
    return {
        "id": f"action-{number}",
        "phase": "completed",
        "method": "GET",
        "path": f"/orders/{number}",
        "at": "2026-11-22T09:30:00Z",
        "status": 200,
    }


@pytest.mark.parametrize("reached", [True, False])
async def test_a_start_makes_one_grant_however_often_it_is_asked_for(
    world: World, losses: Losses, reached: bool
) -> None:
    world.installation.engine.writer._told_after = SOON
    losses.lose(ENTRIES, reached=reached, refusals=FOR_GOOD, all_gone=False)
    require_unknown(await world.backend.post(PATH, json=START, headers=KEY))
    losses.heal()
    write(world)
    first = await world.backend.post(PATH, json=START, headers=KEY)
    again = await world.backend.post(PATH, json=START, headers=KEY)
    assert first.status_code == 201, first.text
    assert again.content == first.content
    assert world.logged().count("grant.created") == 1
    token = {"impersonation_token": first.json()["impersonation_token"]}
    opened = await world.backend.post(f"{PATH}/exchange", json=token)
    assert await is_live(world, opened.json())
    assert world.logged().count("session.started") == 1


@pytest.mark.parametrize("reached", [True, False])
async def test_a_call_that_is_repeated_too_soon_hears_that_it_is_still_not_known(
    world: World, losses: Losses, reached: bool
) -> None:
    world.installation.engine.writer._told_after = SOON
    losses.lose(ENTRIES, reached=reached, refusals=FOR_GOOD, all_gone=False)
    require_unknown(await world.backend.post(PATH, json=START, headers=KEY))
    require_unknown(await world.backend.post(PATH, json=START, headers=KEY))
    # One without a key is another call: nothing of it was begun.
    other = await world.backend.post(PATH, json=START)
    assert (other.status_code, other.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize("reached", [True, False])
async def test_a_batch_of_actions_is_logged_once(
    world: World, losses: Losses, reached: bool
) -> None:
    world.installation.engine.writer._told_after = SOON
    opened = await world.open_session()
    path = f"/api/v1/sessions/{opened['session']['id']}/actions"
    batch = {"actions": [_action(1), _action(2)]}
    losses.lose(ENTRIES, reached=reached, refusals=FOR_GOOD, all_gone=False)
    require_unknown(await world.backend.post(path, json=batch, headers=KEY))
    require_unknown(await world.backend.post(path, json=batch, headers=KEY))
    losses.heal()
    write(world)
    first = await world.backend.post(path, json=batch, headers=KEY)
    again = await world.backend.post(path, json=batch, headers=KEY)
    assert (first.status_code, first.json()["recorded"]) == (200, 2), first.text
    assert again.content == first.content
    assert world.logged().count("action.completed") == 2


@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("refusals", [0, 3])
async def test_what_was_found_out_in_time_is_kept_under_its_key(
    world: World, losses: Losses, refusals: int, reached: bool
) -> None:
    losses.lose(ENTRIES, reached=reached, refusals=refusals)
    first = await world.backend.post(PATH, json=START, headers=KEY)
    assert losses.lost.wait(10)
    again = await world.backend.post(PATH, json=START, headers=KEY)
    assert (first.status_code, again.content) == (201, first.content)
    assert world.logged().count("grant.created") == 1
