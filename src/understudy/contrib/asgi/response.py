"""The app's messages on their way to the server, by way of the passage's reply."""

from __future__ import annotations

from understudy.contrib.asgi.overlaid import route_of
from understudy.contrib.asgi.types import Message, Scope, Send
from understudy.contrib.asgi.watch import Cutter
from understudy.sdk.passage.reply import Reply


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
        """Take one message of the app."""
        if self._reply.refusal is not None:
            # Whatever the app answers is not sent; the refusal follows when the app is done.
            return
        kind = message["type"]
        if kind == "http.response.start":
            await self._begin(message)
        elif kind == "http.response.body":
            await self._body(message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        headers = message.get("headers") or []
        reply = self._reply
        # The user is read only now: the app's own middleware has put it there on the way in.
        reply.start(message["status"], headers, seen=self._scope.get("user"))
        if reply.refusal is None:
            self._start = message
            await self._release()

    async def _body(self, message: Message) -> None:
        more = message.get("more_body", False)
        # An answer in one piece is over before a session can end in its middle.
        if more and not self._streams:
            self._streams = True
            self._cutter.start()
        chunk = message.get("body", b"")
        body = self._reply.part(chunk, more=more)
        await self._release()
        if not self._reply.waits:
            await self._send(message if body is chunk else {**message, "body": body})
        if not more:
            # Told when the answer is complete, and not when the app's jobs behind it are.
            self._reply.close(route=route_of(self._scope))

    async def _release(self) -> None:
        if self._start is not None and not self._reply.waits:
            start, self._start = self._start, None
            self.has_begun = True
            await self._send({**start, "headers": self._reply.headers})
