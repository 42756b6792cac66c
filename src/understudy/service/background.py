"""What a process does on its own: ending what has run out of time, and tidying up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from understudy.core.ports import Unit
from understudy.flows.expire import Expired, expire
from understudy.service.idempotency import KEPT
from understudy.service.node import Node

SWEEP_SECONDS = 1.0
PURGE_SECONDS = 60.0
TOKENS_KEPT = timedelta(hours=24)
"""How long a token outlives its expiry, so that a late second use is still known as one."""

_logger = logging.getLogger(__name__)


class Background:
    """Runs beside the requests, from ``start`` to ``stop``. What fails is tried again next time."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._tasks = [
            asyncio.create_task(_every(SWEEP_SECONDS, self._sweep)),
            asyncio.create_task(_every(PURGE_SECONDS, self._purge)),
        ]

    async def stop(self) -> None:
        """Stop, in the middle of a pause if need be."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    async def _sweep(self) -> None:
        """End sessions and grants whose time has come; asks first, so that nothing is no write."""
        node = self._node
        now = node.clock()
        due = await node.read(
            lambda reader: bool(reader.sessions.due(now, 1) or reader.grants.expired(now, 1))
        )
        while due:
            done: Expired = await node.run(expire)
            due = done.more

    async def _purge(self) -> None:
        await self._node.run(purge)


def purge(unit: Unit) -> None:
    """Remove what nobody can use any more; none of it is part of the log."""
    unit.impersonation_tokens.remove_expired(unit.now - TOKENS_KEPT)
    unit.stored_answers.remove_before(unit.now - KEPT)
    unit.operator_sessions.remove_expired(unit.now)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            # Broad, as one bad moment of the database must not end this for good.
            _logger.exception("background work failed and is tried again")
        await asyncio.sleep(seconds)
