"""One request on its way through the service, seen by the thread that a framework serves it on.

The service speaks ASGI, on the loop. This thread reads for it what the client sends, and gives out
what comes back, part by part, so that neither gets far ahead of the other.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from typing import NamedTuple

from understudy.contrib.asgi.types import Message, Scope
from understudy.embedded.mount.loop import Loop
from understudy.embedded.mount.service_side import ServiceSide, Told
from understudy.errors import Unavailable, UnderstudyError
from understudy.sdk.headers import RawHeaders

PART_BYTES = 64 * 1024
"""So much of a body is read at a time; how much there may be in all is the service's to say."""
ANSWER_SECONDS = 120.0
"""After so long without a beginning an answer is given up."""

Read = Callable[[int], bytes]
"""The next of a request's body, of so many bytes at most; empty at its end."""


class Begun(NamedTuple):
    """Status and headers of an answer."""

    status: int
    headers: RawHeaders


class BrokenOffError(UnderstudyError):
    """An answer ends in the middle: the server is to cut the connection, which clients notice."""


class Exchange:
    """``scope`` is the request; ``read`` gives its body, and None says that it has none.

    To be closed when nobody wants the answer any more, be it whole or not.
    """

    def __init__(self, loop: Loop, scope: Scope, read: Read | None) -> None:
        self._loop = loop
        self._read = read
        # Not the simple kind, which knows nothing of gevent's locks.
        self._told: queue.Queue[Message | Told] = queue.Queue()
        self._wake: Callable[[], object] = _nobody
        self._service = ServiceSide(loop.service, scope, has_body=read is not None, tell=self._tell)

    def begin(self) -> Begun:
        """Hand the request over, and wait for the beginning of its answer.

        :raises Unavailable: there is none.
        """
        self._loop.asking.add(self)
        self._loop.call(self._service.start)
        if self._loop.ended:
            self.break_off()
        message = self._next(ANSWER_SECONDS)
        if message is None:
            self.close()
            raise Unavailable(internal="the embedded service has given no answer")
        return Begun(message["status"], list(message["headers"]))

    def part(self) -> tuple[bytes, bool]:
        """The next part of the body, and whether there are more.

        :raises BrokenOffError: it has ended in the middle.
        """
        return self._said(self._next())

    async def apart(self) -> tuple[bytes, bool]:
        """The same in an event loop of the app's own.

        :raises BrokenOffError: see ``part``.
        """
        return self._said(await self._anext())

    def close(self) -> None:
        """Let go of it."""
        if self in self._loop.asking:
            self._loop.asking.discard(self)
            self._loop.call(self._service.leave)

    def break_off(self) -> None:
        """Nothing will come any more, since the loop has ended; called on any thread."""
        self._tell(Told.OVER)

    def _said(self, message: Message | None) -> tuple[bytes, bool]:
        if message is None:
            self.close()
            raise BrokenOffError(internal="an answer of the embedded service has no end")
        more = bool(message.get("more_body"))
        if more:
            self._loop.call(self._service.go_on)
        else:
            self.close()
        return message.get("body", b""), more

    def _next(self, seconds: float | None = None) -> Message | None:
        while True:
            try:
                told = self._told.get(timeout=seconds)
            except queue.Empty:
                return None
            if told is Told.WANTS:
                self._read_on()
            else:
                return None if isinstance(told, Told) else told

    async def _anext(self) -> Message | None:
        ready, loop = asyncio.Event(), asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(ready.set)
        while self._told.empty():
            await ready.wait()
            ready.clear()
        self._wake = _nobody
        told = self._told.get_nowait()
        if told is Told.WANTS:
            self._read_on()
            return await self._anext()
        return None if isinstance(told, Told) else told

    def _read_on(self) -> None:
        part: bytes | None
        try:
            part = self._read(PART_BYTES) if self._read is not None else b""
        except OSError:  # the client went away in the middle of its own request
            part = None
        self._loop.call(lambda: self._service.take(part))

    def _tell(self, told: Message | Told) -> None:
        self._told.put(told)
        self._wake()


def _nobody() -> None:
    """Whoever waits does so by the queue itself."""
