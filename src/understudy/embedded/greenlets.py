"""An event loop in a thread that may be a greenlet, as it is where gevent has patched Python."""

from __future__ import annotations

import asyncio
import selectors
import sys
from collections.abc import Callable
from typing import Any

Found = list[tuple[selectors.SelectorKey, int]]
_Select = Callable[[float | None], Found]


def are_threads() -> bool:
    """Whether what asks for a thread gets a greenlet, so that all share one thread."""
    monkey: Any = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop to run in a thread of its own, or in what passes for one."""
    if not are_threads():
        return asyncio.new_event_loop()
    selector = selectors.DefaultSelector()
    setattr(selector, "select", unseen(selector.select))  # noqa: B010  (a method, to mypy)
    return asyncio.SelectorEventLoop(selector)


def unseen(select: _Select) -> _Select:
    """``select``, while which no other greenlet finds a running loop.

    Python asks the thread, which is everybody's: Django, for one, would refuse each of the app's
    own queries as made within an event loop.
    """

    def unseen_select(timeout: float | None = None) -> Found:
        loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return select(timeout)
        finally:
            asyncio._set_running_loop(loop)

    return unseen_select
