"""What a process does on its own from its first session on, whether or not anybody visits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from understudy.embedded.loop_thread import LoopThread
from understudy.last_resort import LastResort

if TYPE_CHECKING:
    from understudy.service.app import Service

_logger = logging.getLogger(__name__)


class Upkeep:
    """Ends what ran out of time, sends webhooks and tidies up, until a dashboard's service does.

    ``service`` makes one. Whoever starts or stops it is the only one to do so at a time.
    """

    def __init__(self, service: Callable[[], Service]) -> None:
        self._service = service
        self._turn = threading.Lock()
        self._thread: LoopThread | None = None
        self._is_needed = True

    def start(self) -> None:
        """Begin, unless it has begun or a dashboard's service has.

        Sessions are judged without it: what fails is in the app's log, and never a reason to
        refuse one.
        """
        with self._turn:
            if not self._is_needed or self._thread is not None:
                return
            with LastResort(_logger, "background work did not begin", action="start_upkeep"):
                thread = self._thread = LoopThread(self._service())
                thread.start()

    def stop(self) -> None:
        """End it; it does not begin again."""
        with self._turn:
            self._is_needed = False
            thread, self._thread = self._thread, None
            if thread is not None:
                thread.stop()
