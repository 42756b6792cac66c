"""The way from the event loop to the writer and back.

What one turn of the loop submits is handed over at its end, all at once: the writer then finds a
whole group and runs it while the loop waits. Handed over one by one, each flow would wake the
writer's thread in the middle of the loop's work, and both would fight for the interpreter's lock.
The way back is the same: a group's outcomes wake the loop once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from understudy.core.ports import Flow
from understudy.errors import StorageBusy, Unavailable
from understudy.storage.engine.jobs import Job, Outcome

T = TypeVar("T")
Submit = Callable[[Sequence[Job]], int]


class Submissions:
    """``submit`` is the engine's ``submit_all``. Used on one event loop at a time."""

    def __init__(self, submit: Submit) -> None:
        self._submit = submit
        self._passage: _Passage | None = None

    async def run(self, flow: Flow[T]) -> T:
        """What ``flow`` answers, once it is durable; see ``StoreEngine.submit``.

        Whoever stops waiting withdraws the flow, if its turn has not come yet.
        """
        loop = asyncio.get_running_loop()
        if self._passage is None or self._passage.loop is not loop:
            self._passage = _Passage(loop, self._submit)
        answer: T = await self._passage.order(flow)
        return answer


class _Order:
    """One flow, on its way: a `Job` of the writer's."""

    __slots__ = ("answer", "flow", "outcome", "resolved")

    def __init__(
        self, flow: Flow[Any], answer: asyncio.Future[Any], resolved: Callable[[_Order], None]
    ) -> None:
        self.flow = flow
        self.answer = answer
        self.resolved = resolved
        self.outcome: Outcome | None = None

    def begin(self) -> bool:
        """Whether anybody still waits: who stopped waiting has cancelled the answer."""
        return not self.answer.done()

    def resolve(self, outcome: Outcome) -> None:
        """Take the outcome, on the writer's thread."""
        if self.outcome is None:
            self.outcome = outcome
            self.resolved(self)

    def settle(self) -> None:
        """Tell whoever waits, in the event loop."""
        if self.outcome is None or self.answer.done():
            return
        if self.outcome.error is None:
            self.answer.set_result(self.outcome.value)
        else:
            self.answer.set_exception(self.outcome.error)


class _Passage:
    """Between one event loop and the writer."""

    def __init__(self, loop: asyncio.AbstractEventLoop, submit: Submit) -> None:
        self.loop = loop
        self._submit = submit
        self._orders: list[_Order] = []
        self._resolved: deque[_Order] = deque()
        self._waking = False

    def order(self, flow: Flow[Any]) -> asyncio.Future[Any]:
        """Have ``flow`` handed over at the end of this turn."""
        # By the first of a turn; the others come along.
        if not self._orders:
            self.loop.call_soon(self._hand_over)
        answer = self.loop.create_future()
        self._orders.append(_Order(flow, answer, self._wake))
        return answer

    def _hand_over(self) -> None:
        # Whoever has gone in this very turn is left out before the writer hears of it.
        orders = [order for order in self._orders if order.begin()]
        self._orders = []
        taken, reason = 0, Unavailable(internal="the writer could not be told")
        try:
            taken = self._submit(orders) if orders else 0
            reason = StorageBusy(internal="too many flows are waiting already")
        except Unavailable as error:
            reason = error
        finally:
            # Whatever went wrong: nobody may wait for what no writer has taken.
            _refuse(orders[taken:], reason)

    def _wake(self, order: _Order) -> None:
        """Called on the writer's thread, for each order of a group; the loop is woken once."""
        self._resolved.append(order)
        if self._waking:
            return
        self._waking = True
        with suppress(RuntimeError):  # the loop is gone, and with it whoever waited
            self.loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        # Before anything is taken: what comes meanwhile wakes the loop again.
        self._waking = False
        while self._resolved:
            self._resolved.popleft().settle()


def _refuse(orders: Sequence[_Order], error: Unavailable) -> None:
    for order in orders:
        order.answer.set_exception(error)
