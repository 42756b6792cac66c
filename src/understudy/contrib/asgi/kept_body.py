"""The body of a request that was looked through before the app reads it."""

from __future__ import annotations

from collections import deque

from understudy.contrib.asgi.types import Message, Receive


class KeptBody:
    """The server's messages, those first that were kept."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: deque[Message] = deque()

    async def keep(self, most: int) -> bytes | None:
        """The whole body; None where it is longer than ``most``, or the browser has gone.

        As often as somebody wants to look through it.
        """
        body, at, more = bytearray(), 0, True
        while more:
            if at == len(self._kept):
                self._kept.append(await self._receive())
            message = self._kept[at]
            at += 1
            body += message.get("body", b"")
            if len(body) > most or message["type"] != "http.request":
                return None
            more = message.get("more_body", False)
        return bytes(body)

    async def __call__(self) -> Message:
        """The next message."""
        return self._kept.popleft() if self._kept else await self._receive()
