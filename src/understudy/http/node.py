"""One running process of the service, with everything that handlers need from it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from understudy.config import Settings
from understudy.core.applications.application import Application
from understudy.core.governance.decision_points import Unasked
from understudy.core.impersonation.endings import Proof
from understudy.core.ports import Flow, Reader
from understudy.errors import (
    EndedNotSaved,
    OutcomeUnknown,
    StorageBusy,
    Unavailable,
    UnderstudyError,
)
from understudy.http.app_users import AppUsers
from understudy.http.hosts import Hosts
from understudy.http.known_applications import KnownApplications
from understudy.http.last_seen import LastSeen
from understudy.http.look_ups import LookUps
from understudy.http.metrics import Metrics
from understudy.http.outsiders import Outsiders
from understudy.http.rate_limits import RateLimits
from understudy.http.readings import Readings
from understudy.http.staffing import Staffing
from understudy.http.stream import Stream
from understudy.http.submissions import Submissions
from understudy.http.wires import Wires
from understudy.keys.session_keys import SessionKeys
from understudy.storage.clock import SteadyClock
from understudy.storage.engine.endings import ENDING_SECONDS, Ended, as_of
from understudy.storage.engine.engine import StoreEngine

T = TypeVar("T")

DOWNLOADS = 2
"""Threads that read what is downloaded: however many download, the others have connections left."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """``reads_wait`` is true where a read goes over a network and would hold up the event loop.

    A hop to a thread costs 177 µs, a point read on SQLite 12 µs: hence the two ways.
    """

    engine: StoreEngine
    settings: Settings
    reads_wait: bool
    hosts: Hosts
    rate_limits: RateLimits
    readings: Readings
    look_ups: LookUps
    metrics: Metrics
    stream: Stream
    session_keys: SessionKeys
    submissions: Submissions
    first_submissions: Submissions
    last_seen: LastSeen
    known_applications: KnownApplications
    wires: Wires
    outsiders: Outsiders
    downloads: Executor = field(default_factory=partial(ThreadPoolExecutor, DOWNLOADS))
    app_users: AppUsers | None = None
    """The user table of the app that this node is a part of; None in a service."""
    staffing: Staffing | None = None
    """Who says who is staff, where an app does; None where operators have passwords here."""
    halted: str | None = None
    """Why this node ends sessions, shows what there is, and does nothing else; None if it works."""
    new_deliveries: threading.Event = field(default_factory=threading.Event)
    """Set by whoever does not want to wait until the worker of webhooks looks by itself."""

    @property
    def clock(self) -> SteadyClock:
        """The engine's, which is the only one: what is served and what is written go by it."""
        return self.engine.clock

    async def application(self, application_id: str) -> Application | None:
        """The application with this id, as it is; known or looked up."""
        known = self.known_applications.get(application_id)
        if known is not None:
            return known
        # Before the read: a change that comes in between makes what was read not worth keeping.
        changes = self.known_applications.changes
        found = await self.read(lambda reader: reader.applications.get(application_id))
        if found is not None:
            self.known_applications.keep(found, changes=changes)
        return found

    async def run(self, flow: Flow[T]) -> T:
        """Run ``flow`` in the writer; answers once what it did is durable."""
        try:
            return await self.submissions.run(flow)
        except Unasked as missing:
            return await self.outsiders.after(self.submissions.run, flow, missing)

    async def end(self, flow: Flow[T], *, proven: Proof) -> Ended[T]:
        """Run a ``flow`` that does nothing but end sessions: by the writer, or else without it.

        :raises EndedHereOnly: when they are over, and neither log nor disk could take that.
        """
        at, engine = self.engine.now(), self.engine
        try:
            async with asyncio.timeout(ENDING_SECONDS):
                value = await self.first_submissions.run(as_of(flow, at))
            return Ended(value=value, logged=engine.endings.is_logged())
        except (Unavailable, TimeoutError):
            return await asyncio.to_thread(
                engine.endings.end_without_log, flow, at=at, proven=proven
            )

    async def run_ending(self, flow: Flow[T], *, proven: Proof) -> T:
        """Run a ``flow`` that changes more than sessions; those that it ends end within a second.

        :raises EndedNotSaved: when they are over, and the change could not be made.
        :raises OutcomeUnknown: when they are over, and it may have been made.
        """
        at, engine = self.engine.now(), self.engine
        change = asyncio.ensure_future(self.submissions.run(as_of(flow, at)))
        ended = False
        try:
            await asyncio.wait([change], timeout=ENDING_SECONDS)
            if not change.done():
                # Only what ends is taken out of the queue: the change itself goes on waiting, and
                # if it is to be refused, the writer says so.
                with suppress(UnderstudyError):
                    ended = await asyncio.to_thread(
                        engine.endings.end_fallen, flow, at=at, proven=proven
                    )
            return await change
        except OutcomeUnknown:
            raise  # it may be saved; what it ends is over either way
        except Unavailable as error:
            said = await self.after_failure(flow, error, at=at, proven=proven)
            raise (EndedNotSaved(internal=error.internal) if ended else said) from error
        finally:
            # Whoever stops waiting withdraws it, if its turn has not come yet.
            change.cancel()

    async def after_failure(
        self, flow: Flow[T], error: Unavailable, *, at: datetime, proven: Proof
    ) -> Unavailable:
        """What to say of a ``flow`` that was not written; what it ends is over all the same."""
        return await asyncio.to_thread(
            self.engine.endings.after_failure, flow, error, at=at, proven=proven
        )

    async def read(self, look_up: Callable[[Reader], T]) -> T:
        """What ``look_up`` finds; in the event loop where that is quick."""
        try:
            return await self._read(look_up)
        except Unasked as missing:
            return await self.outsiders.after(self._read, look_up, missing)

    async def _read(self, look_up: Callable[[Reader], T]) -> T:
        if not self.reads_wait:
            # Everybody would wait for a connection that comes free, revocations too.
            with suppress(StorageBusy), self.engine.reading(wait=False) as reader:
                return look_up(reader)
        return await self._read_long(look_up)

    async def read_long(self, look_up: Callable[[Reader], T]) -> T:
        """What ``look_up`` finds, in a thread."""
        try:
            return await self._read_long(look_up)
        except Unasked as missing:
            return await self.outsiders.after(self._read_long, look_up, missing)

    async def _read_long(self, look_up: Callable[[Reader], T]) -> T:
        return await asyncio.to_thread(self._look_up, look_up)

    async def pieces(self, content: Iterator[bytes]) -> AsyncIterator[bytes]:
        """``content`` piece by piece, read by threads that do nothing else."""
        loop = asyncio.get_running_loop()
        while piece := await loop.run_in_executor(self.downloads, next, content, b""):
            yield piece

    def _look_up(self, look_up: Callable[[Reader], T]) -> T:
        with self.engine.reading() as reader:
            return look_up(reader)
