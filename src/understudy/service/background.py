"""What a process does on its own: ending what ran out of time, webhooks, and tidying up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from understudy.core.impersonation.grants import MAX_MINUTES
from understudy.core.ports import Unit
from understudy.errors import Unavailable
from understudy.flows.clock_doubt import note_seen
from understudy.flows.impersonation.denials import settle_denials
from understudy.flows.impersonation.expire import Expired, expire
from understudy.flows.notices.deliver import tidy
from understudy.flows.notices.forged_rows import tell_of_forged_rows
from understudy.flows.retention.retain import Retained, due, retain
from understudy.http.idempotency import KEPT
from understudy.http.node import Node
from understudy.last_resort import LastResort
from understudy.service.clock_watch import ClockWatch
from understudy.service.deliveries import delivery_worker

LOOK_SECONDS = 0.5
"""How soon this process obeys what another one of its data directory was told."""
TELL_SECONDS = 5.0
"""How often other nodes are told of endings until the log holds them."""
SWEEP_SECONDS = 1.0
CLOCK_SECONDS = 1.0
"""How often the clock is compared with another."""
TRY_SECONDS = 5.0
"""How soon it is known that writing is possible again, while nobody asks for it."""
PURGE_SECONDS = 60.0
RETAIN_SECONDS = 600.0
RETAIN_PAUSE = 0.05
"""Seconds between two steps of retention, in which whoever waits for the writer gets it."""
TOKENS_KEPT = timedelta(hours=24)
"""How long a token outlives its expiry, so that a late second use is still known as one."""
REVEALS_KEPT = timedelta(minutes=MAX_MINUTES)
"""How long what was revealed is counted: as long as any session may live."""

_logger = logging.getLogger(__name__)


class Background:
    """Runs beside the requests, from ``start`` to ``stop``. What fails is tried again next time."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._tasks: list[asyncio.Task[None]] = []
        self.deliveries = delivery_worker(node)
        self._clock = ClockWatch(node)

    def start(self) -> None:
        """Begin, in the running event loop; a node that is halted only looks for endings."""
        self._tasks = [
            asyncio.create_task(_every(LOOK_SECONDS, self._look_for_endings)),
            asyncio.create_task(_every(TELL_SECONDS, self._tell_endings)),
            asyncio.create_task(_every(CLOCK_SECONDS, self._clock.look)),
        ]
        if self._node.halted is not None:
            return
        self.deliveries.start()
        self._tasks += [
            asyncio.create_task(_every(SWEEP_SECONDS, self._sweep)),
            asyncio.create_task(_every(TRY_SECONDS, self._try_to_write)),
            asyncio.create_task(_every(TRY_SECONDS, self._tell_of_forged_rows)),
            asyncio.create_task(_every(PURGE_SECONDS, self._purge)),
            asyncio.create_task(_every(RETAIN_SECONDS, self._retain)),
        ]

    async def stop(self) -> None:
        """Stop, in the middle of a pause if need be."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        # Last, and beside the loop: it waits for attempts under way, which may take seconds.
        await asyncio.to_thread(self.deliveries.stop)

    async def _look_for_endings(self) -> None:
        engine = self._node.engine
        await asyncio.to_thread(engine.endings.spool.look)
        engine.endings.spool.lapse(engine.clock.earliest())
        engine.endings.replays.wake()

    async def _tell_endings(self) -> None:
        engine = self._node.engine
        pending = engine.endings.spool.pending()
        if pending:
            await asyncio.to_thread(engine.endings.tell, pending)

    async def _sweep(self) -> None:
        """End sessions and grants whose time has come; asks first, so that nothing is no write."""
        node = self._node
        now = node.clock.latest()
        due = await node.read(
            lambda reader: bool(reader.sessions.due(now, 1) or reader.grants.expired(now, 1))
        )
        while due:
            done: Expired = await node.run(expire)
            due = done.more
        counted = await node.read(lambda reader: bool(reader.folded_denials.due(now, 1)))
        while counted:
            counted = await node.run(settle_denials)

    async def _try_to_write(self) -> None:
        """Find out whether what failed last works again: an idle node would never know."""
        if self._node.engine.writer.refused is not None:
            with contextlib.suppress(Unavailable):
                await asyncio.to_thread(self._node.engine.try_to_write)

    async def _tell_of_forged_rows(self) -> None:
        engine = self._node.engine
        await asyncio.to_thread(engine.forged_rows.tell, engine.run, tell_of_forged_rows)

    async def _purge(self) -> None:
        await self._node.run(purge)

    async def _retain(self) -> None:
        """Erase what retention no longer covers; other nodes may do so at the same time."""
        node = self._node
        now = node.clock.earliest()
        for found in await node.read_long(lambda reader: due(reader, now)):
            await self._retain_in(found.application.id)

    async def _retain_in(self, application_id: str) -> None:
        done = Retained(more=True)
        while done.more:
            done = await self._node.run(
                partial(retain, application_id=application_id, run=done.run)
            )
            await asyncio.sleep(RETAIN_PAUSE)


def purge(unit: Unit) -> None:
    """Remove what nobody can use any more, which is no part of the log; and note the time."""
    note_seen(unit)
    unit.impersonation_tokens.remove_expired(unit.earliest - TOKENS_KEPT)
    unit.stored_answers.remove_before(unit.earliest - KEPT)
    unit.unlocks.forget(unit.earliest)
    unit.reveals.forget(unit.earliest - REVEALS_KEPT)
    unit.operator_sessions.remove_expired(unit.earliest)
    tidy(unit)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        with LastResort(
            _logger, "background work failed and is tried again", action="work_in_background"
        ):
            await work()
        await asyncio.sleep(seconds)
