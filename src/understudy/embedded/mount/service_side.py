"""One request as the service sees it: the three things of ASGI, on the loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from enum import Enum
from typing import NamedTuple

from understudy.contrib.asgi.types import App, Message, Scope
from understudy.last_resort import LastResort

PARTS_AHEAD = 8
"""So many parts of an answer wait at most for a client that reads slowly."""
_logger = logging.getLogger(__name__)


class Told(Enum):
    """What the thread that asked hears beside the messages of the answer."""

    WANTS = "the next part of the body"
    OVER = "nothing more will come"


class Question(NamedTuple):
    """What only the thread that asked can answer, as it has what the app needs for that."""

    ask: Callable[[], bool]
    answer: Future[bool]

    def settle(self) -> None:
        """Answer it, unless nobody waits for that any more."""
        if not self.answer.set_running_or_notify_cancel():
            return
        try:
            self.answer.set_result(self.ask())
        except Exception as error:
            # Broad, as it is the app's own code; it is raised where the answer is waited for.
            self.answer.set_exception(error)


Said = Message | Told | Question
"""All that the thread that asked may hear."""


class ServiceSide:
    """``tell`` hears of everything that happens; all verbs are called on the loop, as it is."""

    def __init__(
        self,
        app: App,
        scope: Scope,
        *,
        has_body: bool,
        tell: Callable[[Message | Told | Question], None],
    ) -> None:
        self._app = app
        self._scope = scope
        self._has_body = has_body
        self._tell = tell
        self._room = asyncio.Semaphore(PARTS_AHEAD)
        self._gone = asyncio.Event()
        self._part: asyncio.Future[bytes | None] | None = None
        self._is_read = False
        self._asked: Question | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Serve the request."""
        self._task = asyncio.create_task(self._serve())

    def take(self, part: bytes | None) -> None:
        """The next of the body, empty at its end; None where it has broken off."""
        if self._part is not None and not self._part.done():
            self._part.set_result(part)

    def go_on(self) -> None:
        """There is room for one more part of the answer."""
        self._room.release()

    def leave(self) -> None:
        """Nobody waits for the answer any more."""
        self._gone.set()
        self.take(None)
        self.go_on()
        if self._asked is not None:
            self._asked.answer.cancel()

    async def ask(self, question: Callable[[], bool]) -> bool:
        """The answer of the thread that asked."""
        self._asked = asked = Question(question, Future())
        self._tell(asked)
        return await asyncio.wrap_future(asked.answer)

    async def _serve(self) -> None:
        # What fails before anything was sent is answered further in; the rest has no answer left.
        try:
            with LastResort(_logger, "an answer has broken off", action="answer_embedded"):
                await self._app(self._scope, self._receive, self._send)
        finally:
            self._tell(Told.OVER)

    async def _receive(self) -> Message:
        if self._is_read:
            await self._gone.wait()
        elif not self._has_body:
            self._is_read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        part = None if self._gone.is_set() else await self._next_part()
        if part is None:
            self._is_read = True
            self._gone.set()
            return {"type": "http.disconnect"}
        self._is_read = not part
        return {"type": "http.request", "body": part, "more_body": bool(part)}

    async def _next_part(self) -> bytes | None:
        self._part = asyncio.get_running_loop().create_future()
        self._tell(Told.WANTS)
        return await self._part

    async def _send(self, message: Message) -> None:
        if self._gone.is_set():
            return
        if message.get("more_body"):
            await self._room.acquire()
        self._tell(message)
