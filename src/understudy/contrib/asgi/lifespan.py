"""The server's start and stop: what was recorded is sent before the app is gone.

Apps that have no lifespan of their own raise, or return, and the server then never tells them of
its stop; so we answer in their place.
"""

from __future__ import annotations

import asyncio
import logging

from understudy.contrib.asgi.types import App, Message, Receive, Scope, Send
from understudy.sdk import stopping
from understudy.sdk.raised import Raised
from understudy.sdk.understudy import Understudy

_LOG = logging.getLogger("understudy")
_STARTED = ("lifespan.startup.complete", "lifespan.startup.failed")
_STOPPED = ("lifespan.shutdown.complete", "lifespan.shutdown.failed")


class Lifespan:
    """One server's lifespan of ``app``."""

    def __init__(self, app: App, understudy: Understudy) -> None:
        self._app = app
        self._understudy = understudy
        self._received: set[str] = set()
        self._sent: set[str] = set()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, or answer for it."""
        if self._understudy.embedding is not None:
            self._understudy.embedding.runs_in(asyncio.get_running_loop())

        async def heard() -> Message:
            message = await receive()
            self._received.add(message["type"])
            # Some servers say so while connections are open, and then wait for these.
            if message["type"] == "lifespan.shutdown":
                stopping.wake()
            return message

        async def told(message: Message) -> None:
            if message["type"] in _STOPPED:
                await asyncio.to_thread(self._understudy.close)
            self._sent.add(message["type"])
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                await asyncio.to_thread(self._understudy.resume)

        with Raised() as raised:
            await self._app(scope, heard, told)
        if raised.error is not None:
            # It began to answer, so that the fault is its own and the server's to hear of.
            if self._sent.intersection(_STARTED):
                raise raised.error
            _LOG.debug(
                "The app has no lifespan: %s",
                type(raised.error).__name__,
                extra={"action": "answer_lifespan"},
            )
        if not self._sent.intersection((*_STOPPED, "lifespan.startup.failed")):
            await self._answer(heard, told)

    async def _answer(self, heard: Receive, told: Send) -> None:
        if "lifespan.startup" not in self._received:
            await heard()
        if not self._sent.intersection(_STARTED):
            await told({"type": "lifespan.startup.complete"})
        if "lifespan.shutdown" not in self._received:
            await heard()
        await told({"type": "lifespan.shutdown.complete"})
