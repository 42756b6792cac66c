"""An exchange whose caller was told that nothing is known, or heard nothing, gets its session."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.losses import ENTRIES, FOR_GOOD, Losses
from tests.fixtures.service import World
from tests.integration.doubt.steps import is_live, require_unknown, write

EXCHANGE = "/api/v1/impersonations/exchange"
ATTEMPT = "A" * 22
SOON = 0.05


async def _presented(world: World, **more: Any) -> dict[str, Any]:
    started = await world.start()
    return {"impersonation_token": started["impersonation_token"], "attempt": ATTEMPT, **more}


@pytest.mark.parametrize("reached", [True, False])
async def test_an_exchange_that_was_not_known_gets_one_session_by_its_name(
    world: World, losses: Losses, reached: bool
) -> None:
    world.installation.engine.writer._told_after = SOON
    body = await _presented(world)
    losses.lose(ENTRIES, reached=reached, refusals=FOR_GOOD, all_gone=False)
    require_unknown(await world.backend.post(EXCHANGE, json=body))
    losses.heal()
    write(world)
    answer = await world.backend.post(EXCHANGE, json=body)
    assert answer.status_code == 200, answer.text
    assert await is_live(world, answer.json())
    assert world.logged().count("session.started") == 1
    assert "token.replayed" not in world.logged()


async def test_the_same_answer_comes_again_whatever_is_asked_in_between(world: World) -> None:
    body = await _presented(world, jwt=True)
    first = (await world.backend.post(EXCHANGE, json=body)).json()
    again = (await world.backend.post(EXCHANGE, json=body)).json()
    assert again["session_token"] == first["session_token"]
    assert again["session"] == first["session"]
    assert again["session_jwt"]
    assert await is_live(world, first)


@pytest.mark.parametrize("other", ["B" * 22, None])
async def test_another_name_is_a_second_use(world: World, other: str | None) -> None:
    body = await _presented(world)
    first = (await world.backend.post(EXCHANGE, json=body)).json()
    changed = {key: value for key, value in body.items() if key != "attempt"}
    if other is not None:
        changed["attempt"] = other
    refused = await world.backend.post(EXCHANGE, json=changed)
    assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
    assert not await is_live(world, first)
    assert world.logged().count("token.replayed") == 1


@pytest.mark.parametrize("attempt", ["A" * 21, "A" * 129, "A" * 21 + "=", "A" * 22 + "\n", 7, None])
async def test_a_name_that_could_be_guessed_is_refused_and_the_token_stays(
    world: World, attempt: object
) -> None:
    body = await _presented(world)
    refused = await world.backend.post(EXCHANGE, json=body | {"attempt": attempt})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert refused.json()["field"] == "attempt"
    assert (await world.backend.post(EXCHANGE, json=body)).status_code == 200


async def test_oauth_stays_strict(world: World) -> None:
    # RFC 6749, section 4.1.2, for codes; the exchange of RFC 8693 keeps to the same.
    started = await world.start()
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": started["impersonation_token"],
        "subject_token_type": "urn:understudy:params:oauth:token-type:impersonation-token",
        "attempt": ATTEMPT,
    }
    first = await _token(world, form)
    assert first.status_code == 200, first.text
    assert (await _token(world, form)).status_code == 400
    assert world.logged().count("token.replayed") == 1


async def _token(world: World, form: dict[str, str]) -> httpx.Response:
    return await world.backend.post("/oauth2/token", data=form)
