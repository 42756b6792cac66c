"""Asking decision points: outside of every transaction, and never while anybody else waits for it.

A flow or a look-up that hangs on what nobody has asked for yet is broken off (`Unasked`), and what
it had written is undone. Then it is asked for, and the same runs again from the start with what was
said. What it asks then is a new inquiry if anything has changed meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

from understudy.core.governance.decision_points import Inquiry, Opinion, Unasked
from understudy.core.ports import Flow
from understudy.errors import Unavailable
from understudy.storage.engine.hearing import hearing

T = TypeVar("T")
R = TypeVar("R")
Ask = Callable[[Inquiry], Opinion]
"""Asks, and blocks until there is an answer or the inquiry's time is up; raises nothing."""

ROUNDS = 4
"""So often something may change while a decision point thinks; then nobody goes on asking."""
AT_ONCE = 8
"""So many of one application's are asked at once; a slow one holds up its own callers alone."""
THREADS = 32


def nobody_asks(inquiry: Inquiry) -> Opinion:
    """For whoever has no way to ask: no."""
    return Opinion(permitted=False, fault="Nobody can ask it from here.")


class Heard:
    """What one caller has been told so far."""

    def __init__(self) -> None:
        self._opinions: dict[Inquiry, Opinion] = {}

    def note(self, inquiry: Inquiry, opinion: Opinion) -> None:
        """Have ``opinion`` brought along from now on.

        :raises Unavailable: this goes on for too long.
        """
        if len(self._opinions) == ROUNDS:
            raise Unavailable(internal="what is asked of a decision point changes all the time")
        self._opinions[inquiry] = opinion

    def bring(self, look_up: Callable[[R], T]) -> Callable[[R], T]:
        """``look_up``, knowing it."""
        return hearing(look_up, dict(self._opinions))


class Outsiders:
    """Decision points of all applications, as one node asks them."""

    def __init__(self, ask: Ask, *, threads: Executor | None = None) -> None:
        # Of its own: what ends sessions goes by the event loop's threads, however slow these are.
        self._threads = threads or ThreadPoolExecutor(THREADS, "understudy-outsiders")
        self._ask = ask
        self._asking: Counter[str] = Counter()

    async def opinion(self, inquiry: Inquiry) -> Opinion:
        """What its decision point says to ``inquiry``; no, where that is not known in time."""
        application_id = inquiry.application_id
        if self._asking[application_id] >= AT_ONCE:
            return Opinion(permitted=False, fault="Too many questions wait for it already.")
        self._asking[application_id] += 1
        asked = asyncio.get_running_loop().run_in_executor(self._threads, self._ask, inquiry)
        # Counted until its thread is free again, though nobody may wait for it any more.
        asked.add_done_callback(lambda _: self._asking.subtract([application_id]))
        done, _ = await asyncio.wait([asked], timeout=inquiry.point.timeout_ms / 1000 + _GRACE)
        return asked.result() if done else Opinion(permitted=False, fault="It was too slow.")

    async def after(
        self,
        run: Callable[[Callable[[R], T]], Awaitable[T]],
        look_up: Callable[[R], T],
        missing: Unasked,
    ) -> T:
        """What ``run`` answers to ``look_up`` once what it was broken off for is known.

        :raises Unavailable: it is broken off again and again.
        """
        heard = Heard()
        while True:
            heard.note(missing.inquiry, await self.opinion(missing.inquiry))
            try:
                return await run(heard.bring(look_up))
            except Unasked as again:
                missing = again


_GRACE = 0.5
"""Seconds for the thread itself, whose own time is up before."""


def run_asking(run: Callable[[Flow[T]], T], flow: Flow[T], ask: Ask) -> T:
    """What ``run`` answers to ``flow``, for whoever has no event loop that would be held up.

    :raises Unavailable: it is broken off again and again.
    """
    heard = Heard()
    while True:
        try:
            return run(heard.bring(flow))
        except Unasked as missing:
            heard.note(missing.inquiry, ask(missing.inquiry))
