"""What a process does before it is gone, by every way out that Python has.

``atexit`` for the plain end; threading's own shutdown for the children of ``multiprocessing``,
which leave without ``atexit``; SIGTERM where nobody else has a handler for it, and behind whoever
has one.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from understudy.sdk import stopping

_closings: dict[Callable[[], None], int] = {}
_registered: set[int] = set()
SECONDS = 4.0


def close_at_exit(closing: Callable[[], None]) -> None:
    """Call ``closing`` once before this process ends, unless it is taken back."""
    _closings[closing] = os.getpid()
    atexit.register(closing)
    if os.getpid() not in _registered:
        _registered.add(os.getpid())
        _before_threads_are_joined()
        close_at_sigterm()


def need_not_close(closing: Callable[[], None]) -> None:
    """Take ``closing`` back."""
    _closings.pop(closing, None)
    atexit.unregister(closing)


def close_all() -> None:
    """Call what is left to be called in this process; what a parent left is not ours."""
    for closing, pid in list(_closings.items()):
        if pid == os.getpid():
            need_not_close(closing)
            closing()


def _before_threads_are_joined() -> None:
    # The same hook by which concurrent.futures stops its workers; it has no public name.
    register = getattr(threading, "_register_atexit", None)
    if register is not None:
        with suppress(RuntimeError):  # too late: the threads are being joined already
            register(close_all)


def close_at_sigterm() -> None:
    """Close at SIGTERM what is to be closed by then, where nobody else has a handler for it.

    To be called early as well, by adapters: a server whose threads serve every request, as waitress
    is one, leaves no later moment at which a handler can be set.
    """
    if threading.current_thread() is not threading.main_thread() or "uwsgi" in sys.modules:
        # uWSGI has a handler of its own of which Python knows nothing. Its workers wait outside of
        # Python, where ours would never be called; and they do call what is registered above.
        return
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminated)
    else:
        stopping.heed()


def _terminated(number: int, frame: FrameType | None) -> None:
    del frame
    # On another thread: this one may hold any lock at this very moment.
    closing = threading.Thread(target=close_all, name="understudy-closing", daemon=True)
    closing.start()
    closing.join(SECONDS)
    # As without us: the process ends by the signal, and its parent sees that.
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
