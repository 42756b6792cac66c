"""Event streams, each of which takes a thread of a worker for as long as a page is open."""

from __future__ import annotations

import threading
from math import inf

from understudy.embedded import greenlets
from understudy.sdk.headers import RawHeaders

POLL = b'event: poll\ndata: {"code":"poll"}\n\n'
"""All that a stream says where none can be held: ask again and again instead. A browser's page sees
of such a stream no status and no header, and this alone.
"""
OF_THREADS = 1
"""So many a process of several threads holds: the others are for the app."""


def most_held(*, has_threads: bool) -> float:
    """How many streams a process may hold; ``has_threads`` as the server says of its worker."""
    if greenlets.are_threads():
        return inf
    return OF_THREADS if has_threads else 0


class Streams:
    """Those of one process."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._held = 0

    def hold(self, most: float) -> bool:
        """Hold one more, if it is one of ``most``; to be let go of then."""
        with self._turn:
            held = self._held < most
            self._held += held
        return held

    def let_go(self) -> None:
        """It is over."""
        with self._turn:
            self._held -= 1


def is_event_stream(headers: RawHeaders) -> bool:
    """Whether an answer goes on as things happen."""
    kinds = (value for name, value in headers if name.lower() == b"content-type")
    return any(kind.lower().startswith(b"text/event-stream") for kind in kinds)


def as_stream(headers: RawHeaders) -> RawHeaders:
    """``headers`` of a stream that nobody around us holds back to make it smaller."""
    return [*headers, (b"content-encoding", b"identity")]
