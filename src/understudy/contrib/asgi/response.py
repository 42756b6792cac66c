"""The app's messages on their way to the server, by way of the passage's reply."""

from __future__ import annotations

import asyncio
from typing import NoReturn

from understudy.contrib.asgi.identity import OverlaidScope
from understudy.contrib.asgi.overlaid import route_of
from understudy.contrib.asgi.types import Message, Scope, Send
from understudy.contrib.asgi.watch import Cutter
from understudy.sdk.passage.reply import Reply

GRACE_SECONDS = 1.0
"""How long the end of an answer may take that tells of a change, behind the end of its session."""


FRONT_BYTES = 256
"""How much of a stream is looked through first, so that something goes out before the rest is."""


class ImpersonatedResponse:
    """Stands between the app and the server for one response; ``scope`` is the app's own."""

    def __init__(self, send: Send, *, reply: Reply, scope: Scope, cutter: Cutter) -> None:
        self._send = send
        self._reply = reply
        self._scope = scope
        self._cutter = cutter
        self._start: Message | None = None
        self._streams = False
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        """Take one message of the app.

        :raises ConnectionAbortedError: the session is over, and this does not go out any more.
        """
        kind = message["type"]
        if self._reply.refusal is not None:
            # Whatever the app answers is not sent; the refusal follows when the app is done. One
            # that goes on and on is stopped.
            if kind == "http.response.body" and message.get("more_body", False):
                self._stop_if_over()
        elif kind == "http.response.start":
            await self._begin(message)
        elif kind == "http.response.body":
            rest = await self._behind_front(message)
            if self._reply.refusal is None:
                await self._body(rest)
        else:
            self._stop_if_over()
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        headers = message.get("headers") or []
        reply = self._reply
        # The user is read only now: the app's own middleware has put it there on the way in.
        seen = self._scope.settled() if isinstance(self._scope, OverlaidScope) else None
        reply.start(message["status"], headers, seen=seen)
        if reply.refusal is None:
            self._start = message
            await self._release()

    async def _behind_front(self, message: Message) -> Message:
        """What is left of a message when the front of a stream has gone out: the browser has its
        head, and asks for what it names, while the rest is looked through.
        """
        chunk = message.get("body", b"")
        is_first = not self._streams and message.get("more_body", False)
        if not is_first or not self._reply.looks_through or len(chunk) <= FRONT_BYTES:
            return message
        size = FRONT_BYTES
        # A page waits for the place where its banner stands; twice as much each time, as what waits
        # for its end is taken in a few pieces then.
        while self._reply.waits and not self._reply.refusal and len(chunk) > size:
            await self._body({**message, "body": chunk[:size]})
            chunk, size = chunk[size:], 2 * size
        # Servers write what they were given when the loop comes round.
        await asyncio.sleep(0)
        return {**message, "body": chunk}

    async def _body(self, message: Message) -> None:
        more, chunk = message.get("more_body", False), message.get("body", b"")
        over = self._cutter.is_over()
        if over and not self._reply.outlives(chunk, more=more):
            # One that has said all is not left in the middle of what it does behind its answer.
            if more or self.has_begun:
                self._stop()
            return
        # An answer in one piece is over before a session can end in its middle.
        if more and not self._streams:
            self._streams = True
            self._cutter.start(grace=GRACE_SECONDS if over else 0.0)
        body = self._reply.part(chunk, more=more)
        await self._release()
        if not self._reply.waits:
            await self._send(message if body is chunk else {**message, "body": body})
        if not more:
            self._cutter.stop()
            # Told when the answer is complete, and not when the app's jobs behind it are.
            self._reply.close(route=route_of(self._scope))

    def _stop_if_over(self) -> None:
        if self._cutter.is_over():
            self._stop()

    def _stop(self) -> NoReturn:
        # Stops also an app that cannot be cancelled: one in a thread, or in tasks that it has let
        # go. Sending on a closed connection raises an OSError by the ASGI specification.
        self._cutter.cut()
        raise ConnectionAbortedError("The session is over.")

    async def _release(self) -> None:
        if self._start is not None and not self._reply.waits:
            start, self._start = self._start, None
            self.has_begun = True
            await self._send({**start, "headers": self._reply.headers})
