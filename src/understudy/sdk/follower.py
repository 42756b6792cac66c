"""Follows the service's news on a thread of its own, so that endings are known at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from understudy.errors import UnderstudyError
from understudy.last_resort import LastResort
from understudy.sdk.cache import SessionCache
from understudy.sdk.gateway import Gateway
from understudy.sdk.pulse import Pulse
from understudy.sdk.values import Beat, News, RulesChanged, SessionClosed

_LOG = logging.getLogger("understudy")
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
"""Seconds between two tries to connect: doubled after each that brings no beat."""


class Follower:
    """Keeps ``pulse`` and ``cache`` up to date. Reconnects for as long as the process lives."""

    def __init__(
        self,
        *,
        gateway: Gateway,
        cache: SessionCache,
        pulse: Pulse,
        monotonic: Callable[[], float],
        over: Callable[[], object] | None = None,
    ) -> None:
        self._over = over
        self._gateway = gateway
        self._cache = cache
        self._pulse = pulse
        self._monotonic = monotonic
        self._stop = threading.Event()
        self._last_event_id: str | None = None
        self._connected = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin on a new thread. Only ever called in the process that will serve requests."""
        self._thread = threading.Thread(target=self._run, name="understudy-follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Believe nothing more, and let the thread end with whatever comes next."""
        self._stop.set()

    def join(self, seconds: float) -> None:
        """Wait for the thread's end, for at most ``seconds``."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            pause = FIRST_PAUSE if self._follow_once() else min(pause * 2, LONGEST_PAUSE)
            # A wait that can be cut short, so that an app which stops is not held up by it.
            self._stop.wait(pause)

    def _follow_once(self) -> bool:
        """Read until the stream breaks; True when it stood at least for a moment.

        A connection that is closed under the reader when all is over is no fault.
        """
        self._connected = False
        with LastResort(
            _LOG,
            "The event stream broke unexpectedly",
            action="read_stream",
            unless=self._stop.is_set,
        ):
            self._follow()
        return self._connected

    def _follow(self) -> None:
        try:
            for news in self._gateway.follow(self._last_event_id):
                if self._stop.is_set():
                    break
                self.take(news)
        except UnderstudyError as error:
            if not self._stop.is_set():
                _LOG.warning(
                    "The event stream broke: %s (%s)",
                    error.code,
                    error.internal,
                    extra={"action": "follow_stream"},
                )

    def take(self, news: News) -> None:
        """Believe one piece of news."""
        if isinstance(news, SessionClosed):
            self._cache.close(news.session_id, news.cause)
            if self._over is not None:
                self._over()
            self._hear(news.event_id)
        elif isinstance(news, RulesChanged):
            self._pulse.mistrust()
            self._hear(news.event_id)
        else:
            self._beat(news)

    def _hear(self, event_id: str | None) -> None:
        """Resume behind this entry of the log from now on, never behind an earlier one."""
        if event_id is not None and event_id.isdecimal():
            # After a reconnection the service may tell again what was heard already.
            heard = int(self._last_event_id or -1)
            self._last_event_id = str(max(heard, int(event_id)))

    def _beat(self, beat: Beat) -> None:
        if not self._connected:
            # Trust begins with the first beat: before it, news may be missing.
            self._connected = True
            self._pulse.connected()
        self._hear(str(beat.index))
        self._pulse.beat(self._monotonic())
