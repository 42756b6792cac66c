"""One thread a process that runs the service, for frameworks that have no event loop."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from understudy.embedded.installation import Installation
from understudy.embedded.loop_thread import LoopThread
from understudy.embedded.mount.streams import Streams

if TYPE_CHECKING:
    from understudy.service.app import Service


class Asking(Protocol):
    """A request under way, which hears when nothing will come any more."""

    def break_off(self) -> None:
        """The loop has ended."""


class Loop(LoopThread):
    """``service`` for requests that come on other threads."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.streams = Streams()
        self.asking: set[Asking] = set()

    def end_streams(self) -> None:
        """End all event streams, and those to come."""
        self.call(self.service.node.stream.close)

    def over(self) -> None:
        """Tell whoever waits that nothing will come."""
        for asking in list(self.asking):
            asking.break_off()


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
        with ExitStack() as unless_begun:
            unless_begun.callback(loop.stop)
            loop.start()
            unless_begun.pop_all()
        return loop
