"""What the app hears of the browser while it answers."""

from __future__ import annotations

from understudy.contrib.asgi.types import Message, Receive
from understudy.contrib.asgi.watch import Cutter


class ReceiveUntilCut:
    """The server's messages; once the answer is cut, that the browser has gone."""

    def __init__(self, receive: Receive, cutter: Cutter) -> None:
        self._receive = receive
        self._cutter = cutter
        self._is_whole = False

    async def __call__(self) -> Message:
        """The next message."""
        # While the request comes in, nothing goes out that could be cut.
        if not self._is_whole:
            message = await self._receive()
            self._is_whole = not message.get("more_body", False)
            return message
        if self._cutter.cut_by is None:
            with self._cutter.wakes():
                return await self._receive()
        return {"type": "http.disconnect"}
