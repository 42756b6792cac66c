"""Sessions that this process may serve without asking, and those that it knows to be over.

Reads take no lock: each is one look-up in a dict. Writes are rare and serialised.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from understudy.core.impersonation.restrictions import Scope, rulebook
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.banner import Banner, BannerLinks
from understudy.sdk.pulse import Pulse
from understudy.sdk.redaction.hidden_at import HiddenAt
from understudy.sdk.redaction.loading import rulings_of
from understudy.sdk.values import ActiveSession, Opened

K = TypeVar("K")
V = TypeVar("V")
MAX_LIVE = 10_000
MAX_ENDED = 20_000
MAX_UNKNOWN = 10_000
REMEMBERED_SECONDS = 3600.0
"""How long an ended session is remembered: as long as any session may live."""
LINGERING_SECONDS = 60.0
"""How long what a session has put into a queue may be waiting there."""
UNKNOWN_SECONDS = 60.0
"""How long a token that the service does not know is not asked for again."""


class Held:
    """A live session in this process; all its times are seconds of a counter of this machine.

    It also counts while the machine sleeps, so that nobody wakes up in a session that is over.
    ``idle_until`` moves with each request that is served, and with each touch, of which
    ``touched_at`` is the last.
    """

    __slots__ = (
        "_anchor",
        "_banner",
        "_server_time",
        "generation",
        "hidden_at",
        "idle_seconds",
        "idle_until",
        "key",
        "over_at",
        "read_only",
        "revealed",
        "rulebook",
        "rulings",
        "session",
        "touched_at",
        "usable_until",
    )

    def __init__(self, opened: Opened, *, key: bytes, sent_at: float, generation: int) -> None:
        # Counted from the sending, so that a slow answer makes no lease longer.
        self.session = opened.session
        self.key = key
        self.generation = generation
        self.read_only = opened.session.restrictions.scope is Scope.READ_ONLY
        self.rulebook = rulebook(opened.session.restrictions.blocked_actions)
        self.rulings = rulings_of(opened.session.restrictions.redaction)
        self.revealed = tuple(
            (one.lifted, sent_at + (one.until - opened.server_time).total_seconds())
            for one in opened.session.restrictions.reveals
        )
        self.hidden_at = HiddenAt()
        self.usable_until = sent_at + opened.lease.total_seconds()
        self.over_at = sent_at + opened.remaining.total_seconds()
        self.idle_until = sent_at + opened.idle_remaining.total_seconds()
        self.idle_seconds = opened.idle_limit.total_seconds()
        self.touched_at = float("-inf")
        self._server_time = opened.server_time
        self._anchor = sent_at
        self._banner: Banner | None = None

    def banner(self, links: BannerLinks) -> Banner:
        """The session's banner, kept from one page to the next: an app has one set of links."""
        banner = self._banner
        if banner is None or banner.links is not links:
            banner = self._banner = Banner(self.session, links)
        return banner

    def server_time(self, now: float) -> datetime:
        """The service's clock at ``now``, as far as this machine can tell."""
        return self._server_time + timedelta(seconds=now - self._anchor)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A session that is over, or a token that never was one (``cause`` and ``session`` None)."""

    cause: EndCause | None
    session: ActiveSession | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Remembered:
    ended: Ended
    until: float


class SessionCache:
    """Live and ended sessions by the hash of their token; endings also by session id."""

    def __init__(self, *, pulse: Pulse, monotonic: Callable[[], float]) -> None:
        self._pulse = pulse
        self._monotonic = monotonic
        self._live: dict[bytes, Held] = {}
        self._keys: dict[str, bytes] = {}
        self._ended: dict[bytes, _Remembered] = {}
        # Apart from endings, which made-up cookies must not push out of memory.
        self._unknown: dict[bytes, _Remembered] = {}
        self._ended_ids: dict[str, _Remembered] = {}
        self._watchers: dict[str, set[Callable[[], object]]] = {}
        self._lock = threading.RLock()

    def find(self, key: bytes) -> Held | Ended | None:
        """The session to serve, its ending, or None when the service must be asked."""
        held = self._live.get(key)
        now = self._monotonic()
        if held is None:
            remembered = self._ended.get(key) or self._unknown.get(key)
            return remembered.ended if remembered and now < remembered.until else None
        # By this machine's own clock, so that nobody stays in when the service cannot be reached.
        if now >= held.over_at:
            return self.close(held.session.id, EndCause.TIME_LIMIT)
        usable = (
            now < held.usable_until
            and now < held.idle_until
            and now < self._pulse.fresh_until
            and held.generation == self._pulse.generation
        )
        return held if usable else None

    def peek(self, key: bytes) -> Held | Ended | None:
        """What is known of the session, however old."""
        return self._live.get(key) or self.find(key)

    def session_of(self, session_id: str) -> ActiveSession | None:
        """The session of that id, live or over, as far as this process has seen it."""
        held = self._live.get(self._keys.get(session_id, b""))
        if held is not None:
            return held.session
        remembered = self._ended_ids.get(session_id)
        return remembered.ended.session if remembered else None

    def keep(self, opened: Opened, *, sent_at: float, generation: int) -> Held | Ended:
        """Remember an answer of the service, unless an ending or a reconnection came before it.

        The caller serves what comes back, which is an ending if the session has ended meanwhile.
        """
        key = token_hash(opened.session_token.reveal())
        held = Held(opened, key=key, sent_at=sent_at, generation=generation)
        with self._lock:
            # An answer may be older than the news: the ending overtook it on the stream, and
            # outranks it.
            remembered = self._ended_ids.get(opened.session.id)
            if remembered is not None:
                self._ended[key] = remembered
                return remembered.ended
            asked_to_end = self._unknown.get(key) or self._ended.get(key)
            # Its End was asked for while only the token was known; the service may not know yet.
            if asked_to_end is not None and asked_to_end.ended.cause is not None:
                return self.close(opened.session.id, asked_to_end.ended.cause, held=held)
            if self._monotonic() >= held.over_at:
                return self.close(opened.session.id, EndCause.TIME_LIMIT, held=held)
            known = self._live.get(key)
            if known is not None:
                held.hidden_at = known.hidden_at
            _make_room(self._keys, MAX_LIVE)
            self._keys[opened.session.id] = key
            # Asked for before the stream broke: it may serve this one request, but is not kept.
            if generation == self._pulse.generation:
                _make_room(self._live, MAX_LIVE)
                self._live[key] = held
            AT_WORK.begins(self)
        return held

    def close(self, session_id: str, cause: EndCause | None, *, held: Held | None = None) -> Ended:
        """Take a session for ended from now on, whatever answers are still under way."""
        with self._lock:
            remembered = self._ended_ids.get(session_id)
            if remembered is not None:
                return remembered.ended
            key = held.key if held else self._keys.get(session_id)
            held = held or self._live.get(key or b"")
            ended = Ended(cause=cause, session=held.session if held else None)
            self._add(self._ended_ids, session_id, ended)
            self._keys.pop(session_id, None)
            if key is not None:
                self._live.pop(key, None)
                self._add(self._ended, key, ended)
            watchers = self._watchers.pop(session_id, set())
        for watcher in watchers:
            watcher()
        return ended

    def refuse(self, key: bytes, cause: EndCause | None, *, known: bool = True) -> Ended:
        """Remember that the service no longer serves a token; or, unless it is ``known`` to be a
        session's, that the service does not know it, or that its end was asked for.
        """
        with self._lock:
            held = self._live.get(key)
            remembered = self._ended.get(key) or self._unknown.get(key)
            if held is not None:
                return self.close(held.session.id, cause)
            if remembered is not None and (remembered.ended.cause is not None or cause is None):
                return remembered.ended
            ended = Ended(cause=cause)
            if known:
                self._add(self._ended, key, ended)
            else:
                seconds = UNKNOWN_SECONDS if cause is None else REMEMBERED_SECONDS
                self._add(self._unknown, key, ended, most=MAX_UNKNOWN, seconds=seconds)
            return ended

    def is_busy(self) -> bool:
        """Whether a session is served here, or ended so lately that what it left may still wait."""
        now = self._monotonic()
        with self._lock:
            if any(now < held.over_at for held in self._live.values()):
                return True
            last = next(reversed(self._ended.values()), None)
            return last is not None and now < last.until - REMEMBERED_SECONDS + LINGERING_SECONDS

    def watch(self, session_id: str, watcher: Callable[[], object]) -> None:
        """Call ``watcher`` once, on whatever thread, when the session ends; at once if it has."""
        with self._lock:
            if session_id not in self._ended_ids:
                self._watchers.setdefault(session_id, set()).add(watcher)
                return
        watcher()

    def unwatch(self, session_id: str, watcher: Callable[[], object]) -> None:
        """Forget ``watcher``."""
        with self._lock:
            watchers = self._watchers.get(session_id, set())
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(session_id, None)

    def _add(
        self,
        endings: dict[K, _Remembered],
        key: K,
        ended: Ended,
        *,
        most: int | None = None,
        seconds: float = REMEMBERED_SECONDS,
    ) -> None:
        now = self._monotonic()
        # Insertion order is order of time, so the oldest stand first.
        while endings and endings[next(iter(endings))].until <= now:
            del endings[next(iter(endings))]
        _make_room(endings, most or MAX_ENDED)
        endings[key] = _Remembered(ended=ended, until=now + seconds)


def _make_room(entries: dict[K, V], most: int) -> None:
    while len(entries) >= most:
        del entries[next(iter(entries))]
