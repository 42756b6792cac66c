"""An answer of the embedded service, as a framework's thread or event loop gives it out."""

from __future__ import annotations

from contextlib import ExitStack
from typing import NamedTuple

from understudy.embedded.mount.exchange import Begun, Exchange
from understudy.embedded.mount.loop import Loop
from understudy.embedded.mount.streams import POLL, as_stream, is_event_stream
from understudy.sdk import stopping
from understudy.sdk.environ import raw_headers
from understudy.sdk.headers import RawHeaders
from understudy.sdk.visit import Answer


class Rest:
    """What of a body has not come yet; to be closed, also where nobody has begun to take it."""

    def __init__(self, exchange: Exchange, first: bytes, closing: ExitStack) -> None:
        self._exchange = exchange
        self._first = first
        self._more = True
        self._closing = closing

    def __iter__(self) -> Rest:
        return self

    def __next__(self) -> bytes:
        """The next part, which is never empty.

        :raises BrokenOffError: it has ended in the middle.
        """
        part, self._first = self._first, b""
        while not part and self._more:
            part, self._more = self._exchange.part()
        if not part:
            self.close()
            raise StopIteration
        return part

    async def following(self) -> bytes:
        """The next part in an event loop of the app's own; empty at the end.

        :raises BrokenOffError: see ``__next__``.
        """
        part, self._first = self._first, b""
        while not part and self._more:
            part, self._more = await self._exchange.apart()
        if not part:
            self.close()
        return part

    def close(self) -> None:
        """Let go of it."""
        self._more = False
        self._exchange.close()
        self._closing.close()


class AsyncRest:
    """``rest`` for an event loop."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def __aiter__(self) -> AsyncRest:
        return self

    async def __anext__(self) -> bytes:
        """The next part.

        :raises BrokenOffError: it has ended in the middle.
        """
        part = await self._rest.following()
        if not part:
            raise StopAsyncIteration
        return part

    def close(self) -> None:
        """Let go of it."""
        self._rest.close()


class Served(NamedTuple):
    """Status, headers and all of the ``content``, or the ``rest`` in its place as it comes."""

    status: int
    headers: RawHeaders
    content: bytes
    rest: Rest | None = None

    @classmethod
    def of(cls, answer: Answer) -> Served:
        """An answer of our own."""
        return cls(answer.status, raw_headers(answer.all_headers()), answer.body)


def served(loop: Loop, exchange: Exchange, streams: float) -> Served:
    """The answer to ``exchange``; of event streams the process holds so many at most.

    :raises Unavailable: there is none.
    :raises BrokenOffError: it ends before its body does.
    """
    with ExitStack() as unless_answered:
        unless_answered.callback(exchange.close)
        begun = exchange.begin()
        if is_event_stream(begun.headers):
            answer = _stream(loop, exchange, begun, streams)
        else:
            answer = _page(exchange, begun)
        unless_answered.pop_all()
    return answer


def _page(exchange: Exchange, begun: Begun) -> Served:
    first, more = exchange.part()
    if not more:
        return Served(begun.status, begun.headers, first)
    return Served(begun.status, begun.headers, b"", Rest(exchange, first, ExitStack()))


def _stream(loop: Loop, exchange: Exchange, begun: Begun, most: float) -> Served:
    headers = as_stream(begun.headers)
    if not loop.streams.hold(most):
        exchange.close()
        return Served(begun.status, headers, POLL)
    closing = ExitStack()
    closing.callback(loop.streams.let_go)
    # A graceful stop waits for whatever is open.
    closing.enter_context(stopping.woken(loop.end_streams))
    return Served(begun.status, headers, b"", Rest(exchange, b"", closing))
