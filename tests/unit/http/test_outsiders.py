"""Decision points are asked outside of every transaction, and hold up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from tests.unit.webhooks.test_decision_points import QUESTION
from understudy.core.governance.decision_points import DecisionPoint, Inquiry, Opinion, Unasked
from understudy.errors import Unavailable
from understudy.http.outsiders import AT_ONCE, Outsiders, nobody_asks

SECONDS = 20.0
INQUIRY = Inquiry(
    application_id="app_1",
    point=DecisionPoint(url="https://pdp.example/", timeout_ms=50),
    question=QUESTION,
)
OTHERS = replace(INQUIRY, application_id="app_2")
YES = Opinion(permitted=True)


class Reader:
    """As much of one as a look-up here looks at."""

    def __init__(self, opinions: dict[Inquiry, Opinion]) -> None:
        self.opinions = opinions

    def hearing(self, opinions: dict[Inquiry, Opinion]) -> Reader:
        return Reader(opinions)


async def run(look_up: Callable[[Any], Any]) -> Any:
    return look_up(Reader({}))


def about(inquiry: Inquiry) -> Callable[[Any], Opinion]:
    def look_up(reader: Reader) -> Opinion:
        if inquiry not in reader.opinions:
            raise Unasked(inquiry)
        return reader.opinions[inquiry]

    return look_up


async def test_what_was_broken_off_goes_on_with_what_was_said() -> None:
    asked: list[Inquiry] = []

    def ask(inquiry: Inquiry) -> Opinion:
        asked.append(inquiry)
        return YES

    found = await Outsiders(ask).after(run, about(INQUIRY), Unasked(INQUIRY))
    assert (found, asked) == (YES, [INQUIRY])


async def test_what_is_never_settled_is_given_up() -> None:
    numbers = iter(range(100))

    def restless(_: Reader) -> None:
        raise Unasked(replace(INQUIRY, application_id=f"app_{next(numbers)}"))

    with pytest.raises(Unavailable):
        await Outsiders(lambda _: YES).after(run, restless, Unasked(INQUIRY))
    assert next(numbers) < 10


async def test_a_slow_one_is_a_no_and_holds_up_its_own_application_alone() -> None:
    go_on = Event()

    def ask(inquiry: Inquiry) -> Opinion:
        if inquiry.application_id == "app_1":
            go_on.wait(SECONDS)
        return YES

    with ThreadPoolExecutor(AT_ONCE + 1) as threads:
        outsiders = Outsiders(ask, threads=threads)
        waiting = [asyncio.ensure_future(outsiders.opinion(INQUIRY)) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        one_more = await outsiders.opinion(INQUIRY)
        assert one_more.fault == "Too many questions wait for it already."
        assert await outsiders.opinion(OTHERS) == YES
        slow = await asyncio.gather(*waiting)
        assert {opinion.fault for opinion in slow} == {"It was too slow."}
        # Its threads are still taken, though nobody waits any more.
        assert not (await outsiders.opinion(INQUIRY)).permitted
        go_on.set()
        await asyncio.to_thread(threads.shutdown)
    await asyncio.sleep(0)
    fresh = Outsiders(ask)
    assert await fresh.opinion(INQUIRY) == YES


def test_where_nobody_can_ask_the_answer_is_no() -> None:
    assert not nobody_asks(INQUIRY).permitted
