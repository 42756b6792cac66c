"""News of sessions, from the log to everybody who listens (server-sent events).

The follower's thread hands entries over; listeners live in the event loop, each with a short queue.
What waits is sent at once, and one event is the same bytes for all who hear it. A listener that
cannot keep up is dropped, and holds up nobody: it reconnects, and resumes from the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from understudy.core.ids import SessionId
from understudy.core.impersonation.endings import Ending, Reach
from understudy.core.notices.events import HELD_OTHERWISE, SESSION_OVER, EventType
from understudy.core.ports import Entry
from understudy.flows.impersonation.close import event_type

QUEUE_LENGTH = 256
"""News that one listener may lag behind."""
FRESH_SECONDS = 5.0
"""How old the last heartbeat may be: the same bound that guards apply (DESIGN section 4)."""
TYPES = SESSION_OVER | HELD_OTHERWISE | {EventType.SESSION_STARTED}
"""What is news."""


@dataclass(frozen=True, kw_only=True)
class SessionNews:
    """A session started or is over; ``index`` is the entry that says so."""

    index: int
    application_id: str | None
    session_id: SessionId | None
    type: str
    cause: str | None

    @cached_property
    def content(self) -> bytes:
        """The event as it is sent, to whomever; made once."""
        data = msgspec.json.encode(
            {"session_id": self.session_id, "type": self.type, "cause": self.cause}
        )
        return b"id: %d\nevent: session\ndata: %s\n\n" % (self.index, data)


@dataclass(frozen=True, kw_only=True)
class RulesNews:
    """What sessions of an application are held to has changed: guards ask again."""

    index: int
    application_id: str | None

    @cached_property
    def content(self) -> bytes:
        """The event as it is sent, to whomever; made once."""
        data = msgspec.json.encode({"application_id": self.application_id})
        return b"id: %d\nevent: rules\ndata: %s\n\n" % (self.index, data)


@dataclass(frozen=True, kw_only=True)
class Heartbeat:
    """The log was read a moment ago; everything up to ``index`` has been sent."""

    index: int

    @cached_property
    def content(self) -> bytes:
        """The event as it is sent, to whomever; its id lets a listener resume after it."""
        return b'id: %d\nevent: heartbeat\ndata: {"index":%d}\n\n' % (self.index, self.index)


@dataclass(frozen=True, kw_only=True)
class EndingNews:
    """Sessions are over that the log does not yet say so of; hence without an ``id``.

    Of many at once the guards are not told which: they ask again what becomes of theirs.
    """

    ending: Ending
    index: int = -1
    """No entry says it yet."""

    @property
    def application_id(self) -> str | None:
        """The application whose session it is; None for those of several."""
        return self.ending.application_id

    @cached_property
    def content(self) -> bytes:
        """The event as it is sent, to whomever; made once."""
        ending = self.ending
        if ending.reach is not Reach.SESSION:
            data = msgspec.json.encode({"application_id": ending.application_id})
            return b"event: rules\ndata: %s\n\n" % data
        data = msgspec.json.encode(
            {
                "session_id": ending.ref,
                "type": event_type(ending.cause),
                "cause": ending.cause,
            }
        )
        return b"event: session\ndata: %s\n\n" % data


LogNews = SessionNews | RulesNews
News = LogNews | EndingNews | Heartbeat


def news_of(entry: Entry) -> LogNews:
    """What ``entry`` tells listeners; an erased one no longer says which session it was."""
    core: Mapping[str, object] = entry.core or {}
    if entry.type in HELD_OTHERWISE:
        return RulesNews(index=entry.index, application_id=_text(core.get("application_id")))
    session_id = _text(core.get("session_id"))
    details = core.get("details")
    cause = details.get("cause") if isinstance(details, Mapping) else None
    return SessionNews(
        index=entry.index,
        application_id=_text(core.get("application_id")),
        session_id=None if session_id is None else SessionId(session_id),
        type=entry.type,
        cause=_text(cause),
    )


class Listener:
    """One reader of the stream; ``application_id`` None hears of all applications."""

    def __init__(self, application_id: str | None) -> None:
        self.application_id = application_id
        self._waiting: list[News] = []
        self._changed = asyncio.Event()
        self._open = True

    def hears(self, news: News) -> bool:
        """True when ``news`` is meant for this listener."""
        if self.application_id is None or isinstance(news, Heartbeat):
            return True
        if isinstance(news, EndingNews) and news.application_id is None:
            return True
        return self.application_id == news.application_id

    def offer(self, news: Sequence[News]) -> bool:
        """Keep ``news``, all of it heard; False once the listener is, or is to be, dropped."""
        if len(self._waiting) + len(news) > QUEUE_LENGTH:
            # Dropped whole: a gap in what it hears would be believed to be silence.
            self.close()
        if self._open and news:
            self._waiting += news
            self._changed.set()
        return self._open

    def close(self) -> None:
        """End the stream, whatever still waits."""
        self._open = False
        self._waiting.clear()
        self._changed.set()

    async def news(self) -> AsyncIterator[Sequence[News]]:
        """News as they come, all that wait at a time, until the stream is closed."""
        while True:
            await self._changed.wait()
            if not self._open:
                return
            self._changed.clear()
            news, self._waiting = self._waiting, []
            yield news


class Stream:
    """Where the follower's thread and the listeners meet. ``timer`` is monotonic, in seconds."""

    def __init__(self, *, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._last_beat: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[Listener] = set()
        self._closed = False
        self.in_force: Callable[[], Sequence[Ending]] = tuple
        """The endings that whoever begins to listen has not heard of by the log."""

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def is_fresh(self) -> bool:
        """True while the last heartbeat is young enough to believe in."""
        return self._last_beat is not None and self._timer() - self._last_beat < FRESH_SECONDS

    def open(self) -> None:
        """Deliver in the running event loop from now on."""
        self._loop = asyncio.get_running_loop()
        self._closed = False

    def listen(self, application_id: str | None) -> Listener:
        """A new listener, who hears what comes from now on."""
        listener = Listener(application_id)
        if self._closed:
            listener.close()
        else:
            self._listeners.add(listener)
            told = [EndingNews(ending=ending) for ending in self.in_force()]
            # The newest: whoever listens for the first time has nothing that it could still serve.
            listener.offer([*filter(listener.hears, told)][-QUEUE_LENGTH // 2 :])
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget ``listener``."""
        self._listeners.discard(listener)

    def on_entries(self, entries: Sequence[Entry]) -> None:
        """Deliver entries; called on the follower's thread."""
        self._hand_over([news_of(entry) for entry in entries])

    def on_endings(self, endings: Sequence[Ending]) -> None:
        """Deliver endings that the log does not hold yet; called on any thread."""
        self._hand_over([EndingNews(ending=ending) for ending in endings])

    def on_heartbeat(self, index: int) -> None:
        """Deliver a heartbeat; called on the follower's thread."""
        self._last_beat = self._timer()
        self._hand_over([Heartbeat(index=index)])

    def close(self) -> None:
        """End every listener's stream, and those to come."""
        self._closed = True
        for listener in tuple(self._listeners):
            listener.close()
        self._listeners.clear()

    def _hand_over(self, news: Sequence[News]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            # Listeners belong to the loop; the follower's thread touches none of them.
            self._loop.call_soon_threadsafe(self._deliver, news)

    def _deliver(self, news: Sequence[News]) -> None:
        """To everybody who hears it; what an application hears is picked out once."""
        heard: dict[str | None, Sequence[News]] = {}
        for listener in tuple(self._listeners):
            own = heard.get(listener.application_id)
            if own is None:
                own = heard[listener.application_id] = [*filter(listener.hears, news)]
            if not listener.offer(own):
                self._listeners.discard(listener)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
