"""Writes endings into the log that could not be written when they were asked for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from understudy.core.impersonation.endings import Ending
from understudy.core.ports import Flow
from understudy.errors import Unavailable
from understudy.flows.impersonation.replay import replay
from understudy.last_resort import LastResort
from understudy.storage.endings.spool import Spool

RETRY_SECONDS = 1.0

_logger = logging.getLogger(__name__)

RunFirst = Callable[[Flow[bool]], bool]


class Replays:
    """A thread that lives while there is something to write, and tries once a second.

    ``run_first`` runs a flow before everything that is queued, ``done`` hears what is written.
    """

    def __init__(
        self, spool: Spool, run_first: RunFirst, *, done: Callable[[Ending], None]
    ) -> None:
        self._spool = spool
        self._done = done
        self._run_first = run_first
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._told = ""

    def wake(self) -> None:
        """See to it that what is pending gets written."""
        with self._lock:
            if self._thread is None and not self._stopping.is_set() and self._spool.pending():
                self._thread = threading.Thread(
                    target=self._run, name="understudy-endings", daemon=True
                )
                self._thread.start()

    def once(self) -> None:
        """Write what is pending, the oldest first.

        :raises Unavailable: when that is not possible yet.
        """
        for ending in self._spool.pending():
            self._write(ending)
            self._spool.done([ending])
            self._done(ending)
        self._told = ""

    def stop(self) -> None:
        """Stop within moments; what is left stays in its slots."""
        self._stopping.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            with LastResort(_logger, "an ending could not be written", action="replay_ending"):
                self._try()
            with self._lock:
                if not self._spool.pending():
                    self._thread = None
                    return
            self._stopping.wait(RETRY_SECONDS)

    def _try(self) -> None:
        try:
            self.once()
        except Unavailable as error:
            self._tell(error.internal or error.detail)

    def _tell(self, why: str) -> None:
        """Say why endings wait: once, and not each second."""
        if why != self._told:
            _logger.warning("endings wait to be written: %s", why, extra={"action": "wait_for_log"})
        self._told = why

    def _write(self, ending: Ending) -> None:
        while self._run_first(lambda unit: replay(unit, ending)):
            pass
