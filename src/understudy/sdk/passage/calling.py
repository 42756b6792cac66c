"""Calls the app's own functions, plain or async, from an event loop."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable


def is_async(function: Callable[..., object]) -> bool:
    """Whether ``function``, or an object that is called like one, is an async one."""
    called = function if inspect.isroutine(function) else getattr(function, "__call__", None)  # noqa: B004
    return inspect.iscoroutinefunction(called)


async def call(function: Callable[..., object], *arguments: object) -> object:
    """What ``function`` gives. A plain one may well read from a database: not on the event loop."""
    given = (
        function(*arguments)
        if is_async(function)
        else await asyncio.to_thread(_called, function, *arguments)
    )
    return await given if inspect.isawaitable(given) else given


def _called(function: Callable[..., object], *arguments: object) -> object:
    try:
        return function(*arguments)
    finally:
        # Django lets go of a connection in the thread of its request alone, and this one is ours.
        django, conf = sys.modules.get("django.db"), sys.modules.get("django.conf")
        if django is not None and conf is not None and conf.settings.configured:
            django.close_old_connections()
