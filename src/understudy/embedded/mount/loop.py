"""One thread a process that runs the service, for frameworks that have no event loop."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from understudy.embedded.installation import Installation
from understudy.embedded.mount.greenlets import new_loop
from understudy.embedded.mount.streams import Streams
from understudy.errors import Unavailable

if TYPE_CHECKING:
    from understudy.service.app import Service

START_SECONDS = 30.0
"""For so long the service may take to begin, before whoever asks is told to come again."""
STOP_SECONDS = 4.0
_logger = logging.getLogger(__name__)


class Asking(Protocol):
    """A request under way, which hears when nothing will come any more."""

    def break_off(self) -> None:
        """The loop has ended."""


class Loop:
    """``service`` on a thread of its own, until it is stopped or the process ends."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.streams = Streams()
        self.asking: set[Asking] = set()
        self.ended = False
        self._loop = new_loop()
        self._thread = threading.Thread(target=self._run, name="understudy-service", daemon=True)

    def start(self) -> None:
        """Begin; returns once requests can be served.

        :raises Unavailable: the service did not begin in time.
        """
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(self.service.start(), self._loop)
        try:
            started.result(START_SECONDS)
        except TimeoutError as error:
            raise Unavailable(internal="the service did not start in time") from error

    def call(self, function: Callable[[], object]) -> None:
        """Have ``function`` called on the loop; when that is over, nothing happens."""
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:  # it is closed, and whoever asks something hears of it
            return

    def end_streams(self) -> None:
        """End all event streams, and those to come."""
        self.call(self.service.node.stream.close)

    def stop(self) -> None:
        """End all streams and the service's own work, then the thread."""
        if self.ended:
            return
        stopped = asyncio.run_coroutine_threadsafe(self.service.stop(), self._loop)
        try:
            stopped.result(STOP_SECONDS)
        except Exception as error:
            extra = {"action": "stop_embedded"}
            _logger.warning("the embedded service did not stop", exc_info=error, extra=extra)
        self.call(self._loop.stop)
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            # First said, then told: whoever comes meanwhile finds one or the other.
            self.ended = True
            for asking in list(self.asking):
                asking.break_off()
            self._loop.close()


class Loops:
    """The loop of each process that asks for one: threads do not live through a fork."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._places: dict[int, _Place] = {}

    def loop(self) -> Loop:
        """This process's, which begins with the first visit.

        :raises SetupError: the installation cannot be opened.
        :raises Unavailable: it cannot right now; the next visit tries again.
        """
        pid = os.getpid()
        # A parent's lock may have been held at the fork: each process has its own.
        place = self._places.get(pid) or self._places.setdefault(pid, _Place(self._installation))
        return place.loop()


class _Place:
    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._turn = threading.Lock()
        self._loop: Loop | None = None

    def loop(self) -> Loop:
        loop = self._loop
        if loop is not None and not loop.ended:
            return loop
        with self._turn:
            if self._loop is None or self._loop.ended:
                self._loop = self._begun()
            return self._loop

    def _begun(self) -> Loop:
        loop = Loop(self._installation.service())
        # Before the engine is closed, at the latest as the process ends; also where it began only
        # in part.
        self._installation.before_close(loop.stop)
        try:
            loop.start()
        except BaseException:
            loop.stop()
            raise
        return loop
