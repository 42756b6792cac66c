"""The way from the event loop to the writer and back.

What one turn of the loop submits is handed over at its end, all at once: the writer then finds a
whole group and runs it while the loop waits. Handed over one by one, each flow would wake the
writer's thread in the middle of the loop's work, and both would fight for the interpreter's lock.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from understudy.core.ports import Flow

T = TypeVar("T")
Submit = Callable[[Flow[Any]], Future[Any]]


class Submissions:
    """``submit`` is the engine's. Used on one event loop at a time."""

    def __init__(self, submit: Submit) -> None:
        self._submit = submit
        self._turn: _Turn | None = None

    async def run(self, flow: Flow[T]) -> T:
        """What ``flow`` answers, once it is durable; see ``StoreEngine.submit``.

        Whoever stops waiting withdraws the flow, if its turn has not come yet.
        """
        loop = asyncio.get_running_loop()
        if self._turn is None or not self._turn.takes(loop):
            self._turn = _Turn(loop, self._submit)
        order = _Order(flow, loop.create_future())
        self._turn.orders.append(order)
        try:
            answer: T = await order.answer
        except asyncio.CancelledError:
            order.withdraw()
            raise
        return answer


class _Order:
    """One flow, on its way."""

    __slots__ = ("answer", "flow", "future")

    def __init__(self, flow: Flow[Any], answer: asyncio.Future[Any]) -> None:
        self.flow = flow
        self.answer = answer
        self.future: Future[Any] | None = None

    def withdraw(self) -> None:
        """Have the writer skip the flow, if it still can."""
        if self.future is not None:
            self.future.cancel()

    def settle(self) -> None:
        """Tell whoever waits, in the event loop."""
        future = self.future
        if future is None or self.answer.done():
            return
        if future.cancelled():
            self.answer.cancel()
            return
        error = future.exception()
        if error is None:
            self.answer.set_result(future.result())
        else:
            self.answer.set_exception(error)


class _Turn:
    """What is submitted until the loop has done what was ready."""

    def __init__(self, loop: asyncio.AbstractEventLoop, submit: Submit) -> None:
        self.orders: list[_Order] = []
        self._loop = loop
        self._submit = submit
        self._over = False
        self._settled: deque[_Order] = deque()
        self._waking = False
        loop.call_soon(self._hand_over)

    def takes(self, loop: asyncio.AbstractEventLoop) -> bool:
        """True while more can be submitted on ``loop``."""
        return not self._over and self._loop is loop

    def _hand_over(self) -> None:
        self._over = True
        for order in self.orders:
            if not order.answer.done():
                self._hand_over_one(order)

    def _hand_over_one(self, order: _Order) -> None:
        try:
            order.future = self._submit(order.flow)
        except Exception as error:
            # Broad, as it belongs to whoever waits for this flow, and the others are still due.
            order.answer.set_exception(error)
            return
        order.future.add_done_callback(lambda _: self._wake(order))

    def _wake(self, order: _Order) -> None:
        """Called on the writer's thread, for each order of a group; the loop is woken once."""
        self._settled.append(order)
        if self._waking:
            return
        self._waking = True
        with suppress(RuntimeError):  # the loop is gone, and with it whoever waited
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        # Before anything is taken: what comes meanwhile wakes the loop again.
        self._waking = False
        while self._settled:
            self._settled.popleft().settle()
