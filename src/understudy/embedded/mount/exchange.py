"""One request on its way through the service, seen by the thread that a framework serves it on.

The service speaks ASGI, on the loop. This thread reads for it what the client sends, and gives out
what comes back, part by part, so that neither gets far ahead of the other.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from understudy.contrib.asgi.types import Message, Scope
from understudy.embedded.mount.loop import Loop
from understudy.embedded.mount.service_side import Question, Said, ServiceSide, Told
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
        self.scope = scope
        self._loop = loop
        self._read = read
        # Not the simple kind, which knows nothing of gevent's locks.
        self._told: queue.Queue[Said] = queue.Queue()
        self._wake: Callable[[], object] = _nobody
        self._service = ServiceSide(loop.service, scope, has_body=read is not None, tell=self._tell)

    async def ask(self, question: Callable[[], bool]) -> bool:
        """The answer to ``question``, asked on the thread that serves the request."""
        return await self._service.ask(question)

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
            said = self._done(told)
            if said is not Told.WANTS:
                return None if isinstance(said, Told) else said

    async def _anext(self) -> Message | None:
        ready = asyncio.Event()
        self._wake = _waker(ready, asyncio.get_running_loop())
        while True:
            while self._told.empty():
                await ready.wait()
                ready.clear()
            said = self._done(self._told.get_nowait())
            if said is not Told.WANTS:
                return None if isinstance(said, Told) else said

    def _done(self, told: Said) -> Message | Told:
        """What is said of the answer; ``WANTS`` for what this thread was to do, and has done."""
        if isinstance(told, Question):
            told.settle()
            return Told.WANTS
        if told is Told.WANTS:
            self._read_on()
        return told

    def _read_on(self) -> None:
        part: bytes | None
        try:
            part = self._read(PART_BYTES) if self._read is not None else b""
        except OSError:  # the client went away in the middle of its own request
            part = None
        self._loop.call(lambda: self._service.take(part))

    def _tell(self, told: Said) -> None:
        self._told.put(told)
        self._wake()


def _waker(ready: asyncio.Event, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
    def wake() -> None:
        with suppress(RuntimeError):  # it is closed, and nobody waits in it any more
            loop.call_soon_threadsafe(ready.set)

    return wake


def _nobody() -> None:
    """Whoever waits does so by the queue itself."""
