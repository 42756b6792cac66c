"""The streams of news by which apps hear of ends, as a fake service tells them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator

from understudy.sdk.values import Beat, News

HEARD_SECONDS = 1.0
"""How long an end waits until every app has heard of it."""
_BEAT_SECONDS = 1.0


class Stream:
    """What one app was told and has not yet taken in."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[News | None] = queue.SimpleQueue()
        self.unheard = 0
        self.listening = False

    def tell(self, news: News | None) -> None:
        """Put ``news`` on the stream; None ends it."""
        self.unheard += news is not None
        self._queue.put(news)

    def next(self) -> News | None:
        """The next news, or a beat when there is none for a second."""
        try:
            return self._queue.get(timeout=_BEAT_SECONDS)
        except queue.Empty:
            return Beat(index=1)


class Streams:
    """All streams that stand. ``changed`` is held around each change, and told of it."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._standing: set[Stream] = set()

    def tell(self, news: News) -> None:
        """Put ``news`` on every stream; returns once all have taken it in, or after a second."""
        with self._changed:
            streams = set(self._standing)
            for stream in streams:
                stream.tell(news)
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: all(stream.unheard == 0 for stream in streams), HEARD_SECONDS
            )

    def cut(self) -> None:
        """End every stream."""
        with self._changed:
            for stream in self._standing:
                stream.tell(None)

    def is_followed(self) -> bool:
        """True once an app has taken in a first beat."""
        return any(stream.listening for stream in self._standing)

    def follow(self) -> Generator[News, None, None]:
        """A new stream, until it is cut."""
        stream = Stream()
        with self._changed:
            self._standing.add(stream)
        try:
            yield Beat(index=1)
            with self._changed:
                stream.listening = True
                self._changed.notify_all()
            yield from self._news(stream)
        finally:
            with self._changed:
                self._standing.discard(stream)
                stream.unheard = 0
                self._changed.notify_all()

    def _news(self, stream: Stream) -> Iterator[News]:
        while (told := stream.next()) is not None:
            yield told
            # Asked for more: what was told has been taken in. A beat was told by nobody.
            if not isinstance(told, Beat):
                with self._changed:
                    stream.unheard -= 1
                    self._changed.notify_all()
