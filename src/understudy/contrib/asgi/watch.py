"""Knows while a connection stays open that its session is over."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from understudy.contrib.asgi.waiting import ask
from understudy.errors import Unavailable
from understudy.sdk.cache import Ended, Held
from understudy.sdk.passage.passage import Passage
from understudy.sdk.pulse import FRESH_SECONDS
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret

_SHORTEST = 0.25


async def until_over(runtime: Runtime, token: Secret, held: Held) -> Ended | None:
    """Returns as soon as the session is over; None when nobody can tell any more.

    An ending that the service pushes wakes it at once, also when nothing moves on the connection.
    Without such pushes the service is asked every 5 s.
    """
    woken = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop is gone, and with it whoever waits
            loop.call_soon_threadsafe(woken.set)

    session_id = held.session.id
    runtime.cache.watch(session_id, wake)
    try:
        while True:
            found = runtime.cache.find(held.key) or await ask(runtime, token, held.key)
            if isinstance(found, Ended):
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), _trusted_for(runtime, found))
    except Unavailable:
        return None
    finally:
        runtime.cache.unwatch(session_id, wake)


def _trusted_for(runtime: Runtime, held: Held) -> float:
    """Seconds for which ``held`` needs no look."""
    now = runtime.monotonic()
    fresh_until = runtime.pulse.fresh_until
    heard_until = fresh_until if fresh_until > now else now + FRESH_SECONDS
    until = min(held.usable_until, held.over_at, held.idle_until, heard_until)
    return max(_SHORTEST, until - now)


class Cutter:
    """Cancels the task of a streaming response when its session is over."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        # The request's own task: an app may well send from another one below it.
        self._task = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._done = False

    def start(self) -> None:
        """Watch from now on."""
        self._watching = asyncio.create_task(self._cut_when_over())

    def stop(self) -> None:
        """The response is complete."""
        if self._watching is not None:
            self._watching.cancel()

    def has_cut(self) -> bool:
        """True when the present cancellation is our own, and nobody else's."""
        return self._done and self._task is not None and self._task.uncancel() == 0

    async def _cut_when_over(self) -> None:
        passage = self._passage
        await until_over(passage.runtime, passage.token, passage.held)
        self._done = True
        if self._task is not None:
            self._task.cancel()
