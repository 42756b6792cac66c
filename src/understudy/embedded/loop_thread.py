"""A service on a thread of its own, for a process that has no event loop for it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from understudy.embedded.greenlets import new_loop
from understudy.errors import Unavailable
from understudy.last_resort import LastResort

if TYPE_CHECKING:
    from understudy.service.app import Service

START_SECONDS = 30.0
"""For so long the service may take to begin, before whoever asks is told to come again."""
STOP_SECONDS = 4.0
_logger = logging.getLogger(__name__)


class LoopThread:
    """``service`` on a thread of its own, until it is stopped or the process ends."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.ended = False
        self._loop = new_loop()
        self._thread = threading.Thread(target=self._run, name="understudy-service", daemon=True)

    def start(self) -> None:
        """Begin; returns once the service runs.

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

    def stop(self) -> None:
        """End all streams and the service's own work, then the thread."""
        if self.ended:
            return
        stopped = asyncio.run_coroutine_threadsafe(self.service.stop(), self._loop)
        with LastResort(_logger, "the embedded service did not stop", action="stop_embedded"):
            stopped.result(STOP_SECONDS)
        self.call(self._loop.stop)
        self._thread.join(STOP_SECONDS)

    def over(self) -> None:
        """What happens on the thread once the loop has ended: nothing, of itself."""

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            # First said, then told: whoever comes meanwhile finds one or the other.
            self.ended = True
            self.over()
            self._loop.close()
