"""The parts of a streamed body, each of them made under the request that it is for.

Django forgets the context in which a streamed body was begun; generators run in that of whoever
asks for the next part.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

from asgiref.sync import async_to_sync, sync_to_async
from django.http import StreamingHttpResponse

from understudy.sdk.context import OwnRequest, Present, within


class Pulled:
    """``response``'s parts, for a thread or for an event loop, whichever serves the request."""

    def __init__(self, response: StreamingHttpResponse, present: Present | OwnRequest) -> None:
        self._present = present
        self._parts: Iterator[bytes] | None = None
        self._async_parts: AsyncIterator[bytes] | None = None
        with within(present):
            if response.is_async:
                self._async_parts = response.streaming_content
            else:
                self._parts = response.streaming_content
        self._closers: list[Callable[[], object]] = list(response._resource_closers)
        # What tidies up behind a body belongs to its request too.
        response._resource_closers.clear()

    def next(self) -> bytes | None:
        """The next part that is not empty; None behind the last."""
        with within(self._present):
            if self._parts is None and self._async_parts is not None:
                # As Django serves them without a loop: the whole of it, and then its parts.
                self._parts = iter(async_to_sync(_whole)(self._async_parts))
            return next((part for part in self._parts or () if part), None)

    async def anext(self) -> bytes | None:
        """The same beside an event loop, which a plain generator must not hold up."""
        if self._async_parts is None:
            return await sync_to_async(self.next)()
        with within(self._present):
            async for part in self._async_parts:
                if part:
                    return part
        return None

    def close(self) -> None:
        """Tidy up as the response would have done; called once."""
        closers, self._closers = self._closers, []
        with within(self._present):
            for closer in closers:
                _closed(closer)


async def _whole(parts: AsyncIterator[bytes]) -> list[bytes]:
    return [part async for part in parts]


def _closed(closer: Callable[[], object]) -> None:
    # Broad, and forgotten, as Django itself does: the others shall have their turn.
    with suppress(Exception):
        closer()
