"""Follows the log: hands over new entries of some types, whichever process wrote them.

What a guard believes about a session rests on this: a heartbeat says "up to here I have seen
everything, a moment ago", so it is given only after a read that succeeded.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import cast

from understudy.core.notices.events import SESSION_OVER, EventType
from understudy.core.ports import Entry
from understudy.errors import Unavailable
from understudy.last_resort import LastResort
from understudy.storage.database.connection import (
    Database,
    Hear,
    Transaction,
    Watch,
    hear_nothing,
)
from understudy.storage.tables.entries import EntryTable

HEARTBEAT_SECONDS = 1.0
"""Between two heartbeats, and the longest time without a read."""
WAIT_SECONDS = 0.1
"""The longest that one wait for a commit lasts, and hence about as long as ``stop`` takes."""
RETRY_SECONDS = 0.5
"""Between two attempts while the database is away."""
BATCH = 1000

OnEntries = Callable[[Sequence[Entry]], None]
OnHeartbeat = Callable[[int], None]

_logger = logging.getLogger(__name__)


class Follower:
    """Reads what is appended to the log, on a thread of its own, until it is stopped.

    ``on_entries`` gets entries of ``types`` in order, each exactly once; if it raises, it gets
    them again a moment later, and no heartbeat comes before it has taken them. ``on_heartbeat``
    gets the index of the last entry that was seen, whatever its type. ``hear`` gets what other
    nodes tell by other means than the log. All run on the thread.
    """

    def __init__(
        self,
        database: Database,
        on_entries: OnEntries,
        on_heartbeat: OnHeartbeat,
        *,
        types: frozenset[EventType] = SESSION_OVER,
        hear: Hear = hear_nothing,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._on_entries = on_entries
        self._on_heartbeat = on_heartbeat
        self._types = types
        self._hear = hear
        self._timer = timer
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="understudy-follower", daemon=True)
        self._seen = -1
        self._next_heartbeat = 0.0

    def start(self, *, after: int | None = None) -> None:
        """Begin after entry ``after``, or after whatever is the last one at this moment.

        :raises Unavailable: when that cannot be read.
        """
        if after is None:
            with self._database.reading() as connection:
                after = EntryTable(cast(Transaction, connection)).size() - 1
        self._seen = after
        self._thread.start()

    def stop(self) -> None:
        """Stop within moments; nothing is handed over afterwards. Safe to call again."""
        self._stopping.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            with LastResort(
                _logger, "an entry of the log could not be handed over", action="hand_over_entry"
            ):
                self._follow_while_possible()
            self._stopping.wait(RETRY_SECONDS)

    def _follow_while_possible(self) -> None:
        try:
            self._follow()
        except Unavailable as error:
            _logger.warning(
                "the log cannot be followed: %s",
                error.internal or error.detail,
                extra={"action": "follow_log"},
            )

    def _follow(self) -> None:
        watch = self._database.watch(self._hear)
        try:
            # What was committed while nobody watched.
            self._read()
            while not self._stopping.is_set():
                self._step(watch)
        finally:
            watch.close()

    def _step(self, watch: Watch) -> None:
        pause = min(WAIT_SECONDS, max(0.0, self._next_heartbeat - self._timer()))
        if watch.wait(pause) or self._timer() >= self._next_heartbeat:
            self._read()

    def _read(self) -> None:
        """Hand over what is new, then say so once a second."""
        # Before reading: a beat vouches for the moment at which the reading began, and for none
        # later.
        started = self._timer()
        while self._read_batch():
            if self._stopping.is_set():
                return
        if started >= self._next_heartbeat:
            self._on_heartbeat(self._seen)
            self._next_heartbeat = started + HEARTBEAT_SECONDS

    def _read_batch(self) -> bool:
        """Hand over the next entries; answers whether there may be more."""
        with self._database.reading() as connection:
            entries_of = EntryTable(cast(Transaction, connection))
            # In the same snapshot as the entries, or one in between would count as seen.
            last = entries_of.size() - 1
            found = entries_of.after(self._seen, types=self._types, limit=BATCH)
        if found:
            self._on_entries(found)
        more = len(found) == BATCH
        # Only behind the hand-over: if that fails, the same entries are handed over again.
        self._seen = found[-1].index if more else max(self._seen, last)
        return more
