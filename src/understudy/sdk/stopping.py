"""Hears that the server was told to stop, behind the server's own handlers of signals.

What is open for as long as a page is ends then, since a graceful stop waits for it. And the process
is kept until what was recorded is sent: uvicorn, for one, ends it by the same signal once more as
soon as it is through, and nothing that Python calls at the end is called.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_wakers: set[Callable[[], None]] = set()
_held: set[int] = set()
_told: list[float] = []
STOPPING_SECONDS = 30.0
"""How long a process that was told to stop is taken to do so: what is opened meanwhile ends."""


def heed() -> None:
    """Hear the signals from now on, if this is the main thread and somebody handles them.

    To be called again: a server may set its handlers at any time.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _SIGNALS:
        found = signal.getsignal(number)
        if callable(found) and not isinstance(found, _Behind):
            signal.signal(number, _Behind(found))


@contextmanager
def woken(waker: Callable[[], None]) -> Iterator[None]:
    """Call ``waker``, on whatever thread, when the server stops within the block, or does so."""
    heed()
    _wakers.add(waker)
    try:
        if _told and time.monotonic() - _told[-1] < STOPPING_SECONDS:
            waker()
        yield
    finally:
        _wakers.discard(waker)


def wake() -> None:
    """The server stops: end what would hold it up."""
    for waker in list(_wakers):
        waker()


class _Behind:
    """A handler that lets another one go first."""

    def __init__(self, first: Callable[[int, FrameType | None], object]) -> None:
        self._first = first

    def __call__(self, number: int, frame: FrameType | None) -> None:
        try:
            self._first(number, frame)
        finally:
            _told[:] = [time.monotonic()]
            if number == signal.SIGTERM:
                _hold()
            wake()


def _hold() -> None:
    # What this very thread sends itself waits; what comes from outside reaches any other thread.
    if hasattr(signal, "pthread_sigmask") and os.getpid() not in _held:
        _held.add(os.getpid())
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def let_go() -> None:
    """All is sent: the process may end by the signal, as without us."""
    _told.clear()
    if os.getpid() in _held:
        _held.discard(os.getpid())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


# Called last of what is registered from here on: closings come later, and so go first.
atexit.register(let_go)
