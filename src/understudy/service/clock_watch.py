"""Looks at the clock, tells of its leaps, ends what stood on a time that is believed no more."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from datetime import timedelta
from functools import partial

from understudy.core.clock import Turn
from understudy.core.impersonation.endings import Proof
from understudy.errors import Unavailable
from understudy.flows.clock import cancel_grants, end_sessions, tell, tell_behind
from understudy.flows.clock_doubt import is_behind
from understudy.http.node import Node


class ClockWatch:
    """``look`` is called about once a second. What it could not write, it writes the next time."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._begun = False
        self._turns: deque[tuple[Turn, timedelta]] = deque()

    async def look(self) -> None:
        """Compare the clock with its reference, and act on what that brings."""
        clock = self._node.clock
        before = clock.leap
        turn: Turn | None = None
        with suppress(Unavailable):  # who cannot be asked says nothing; the counter goes on
            turn = await asyncio.to_thread(self._node.engine.look_at_clock)
        # A leap is over once it is believed or back: how far it was, is known from before.
        leap = clock.leap or before
        if turn is not None and leap is not None:
            self._turns.append((turn, leap.apart))
        if self._node.halted is None:
            await self._begin()
            await self._act()

    async def _begin(self) -> None:
        """At the start: if the log is from later, nobody knows how long a session has lasted."""
        if self._begun:
            return
        now = self._node.clock()
        if await self._node.read(lambda reader: is_behind(reader, now)):
            await self.end_sessions()
            await self._node.run(tell_behind)
        self._begun = True

    async def _act(self) -> None:
        while self._turns:
            turn, apart = self._turns[0]
            if turn is Turn.ADOPTED:
                await self.end_sessions()
            vouched_for = self._node.clock.is_vouched_for()
            await self._node.run(partial(tell, turn=turn, apart=apart, vouched_for=vouched_for))
            # Only now: if it failed, it is done again the next time.
            self._turns.popleft()

    async def end_sessions(self) -> None:
        """End every session and whatever may become one."""
        while (await self._node.end(end_sessions, proven=Proof.DATA_DIRECTORY)).value:
            pass
        while await self._node.run(cancel_grants):
            pass
