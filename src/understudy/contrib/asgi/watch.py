"""Knows while a connection stays open that its session is over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from understudy.contrib.asgi.waiting import ask
from understudy.errors import SessionOver, Unavailable
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
    """Stops an app whose session is over while it still answers.

    Its task is cancelled, which reaches most apps at once; what it sends raises an ``OSError``, as
    on a connection that is closed; and it hears that the browser has gone.
    """

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        # The request's own task: an app may well send from another one below it.
        self._task = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._cancelled = False
        self._waiting: set[asyncio.Task[object]] = set()
        self.cut_by: str | None = None

    def start(self, *, grace: float = 0.0) -> None:
        """Watch from now on; cancel no earlier than after ``grace``."""
        self._watching = asyncio.create_task(self._cut_when_over(grace))

    def stop(self) -> None:
        """The response is complete."""
        if self._watching is not None:
            self._watching.cancel()

    def is_over(self) -> bool:
        """True once this process knows that nothing more may go out, watched or not."""
        return self.cut_by is not None or self._passage.is_over()

    def cut(self, rule: str = SessionOver.code) -> None:
        """Nothing goes out from now on, by ``rule``; whoever waits for the browser is woken."""
        self.cut_by = self.cut_by or rule
        for task in self._waiting:
            task.cancel()

    @contextmanager
    def wakes(self) -> Iterator[None]:
        """Wake the present task out of this block, and out of no more, when the answer is cut.

        No task of its own waits for that: who asks with a cancellation pending, as Starlette does
        to look without waiting, must get what is there.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("There is nobody to be woken.")
        self._waiting.add(task)
        try:
            yield
        except asyncio.CancelledError:
            # Not when somebody else has cancelled it as well.
            if self.cut_by is None or task not in self._waiting or task.uncancel():
                raise
        finally:
            self._waiting.discard(task)

    def has_cut(self) -> bool:
        """True when the present cancellation is our own, and nobody else's."""
        return self._cancelled and self._task is not None and self._task.uncancel() == 0

    async def _cut_when_over(self, grace: float) -> None:
        passage = self._passage
        ended = await until_over(passage.runtime, passage.token, passage.held)
        if grace:
            await asyncio.sleep(grace)
        self.cut(SessionOver.code if ended else Unavailable.code)
        self._cancelled = True
        if self._task is not None:
            self._task.cancel()
