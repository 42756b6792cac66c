"""The events of one transaction on their way into the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from understudy.audit.entries.leaf import SALT_BYTES
from understudy.audit.entries.log import PendingEntry
from understudy.audit.tlog.checkpoint import LastCheckpoint
from understudy.core.clock import SILENT
from understudy.core.notices.event_sets import SETS_CLOCK
from understudy.core.notices.events import Event
from understudy.core.times import MILLISECOND, to_ms
from understudy.errors import AuditError, LogUnwritable
from understudy.storage.log.log_storage import DatabaseLog
from understudy.storage.tables.unit import Random

SALTS_AT_ONCE = 64
_SILENT_MS = SILENT // MILLISECOND


class PendingEntries:
    """``entries``, in order, each with its index, its time and fresh salts.

    ``newest`` answers from when the last entry is that is stored already.
    """

    def __init__(
        self,
        log: DatabaseLog,
        *,
        newest: Callable[[], datetime | None],
        last: LastCheckpoint,
        random: Random,
    ) -> None:
        self.entries: list[PendingEntry] = []
        self._newest = newest
        self._log = log
        self._last = last
        self._random = random
        self._salts: list[bytes] = []
        self._size: int | None = None

    def append(self, now: datetime, event: Event) -> int:
        """Put ``event`` at the end; answers the index that it will have."""
        # Not before an event: most groups of a quiet service record none, and ask for nothing.
        if self._size is None:
            self._size = self._stored_size()
        salts = self._fresh_salts()
        entry = PendingEntry(
            index=self._size + len(self.entries),
            time_ms=self._time(now, event),
            event=event,
            core_salt=salts[:SALT_BYTES],
            personal_salt=salts[SALT_BYTES:],
        )
        self.entries.append(entry)
        return entry.index

    def _time(self, now: datetime, event: Event) -> int:
        """When ``event`` is from: now, and hardly before the entry that it follows.

        Only an entry that says so sets the log's time back.
        """
        if event.type in SETS_CLOCK:
            return to_ms(now)
        newest = self.entries[-1].time_ms if self.entries else self._stored_time()
        time = to_ms(now)
        # Not a little before it: each entry would then be a little before the last.
        return time if newest is None or time >= newest - _SILENT_MS else newest

    def _stored_time(self) -> int | None:
        newest = self._newest()
        return None if newest is None else to_ms(newest)

    def _fresh_salts(self) -> bytes:
        """Salts of both halves of one entry. Large groups draw those of many entries at once."""
        if not self._salts:
            # About as many as there are entries: small groups waste little, large ones ask the
            # kernel seldom.
            drawn = min(len(self.entries) + 1, SALTS_AT_ONCE)
            random = self._random(drawn * 2 * SALT_BYTES)
            cuts = range(0, len(random), 2 * SALT_BYTES)
            self._salts = [random[at : at + 2 * SALT_BYTES] for at in cuts]
        # Taken out: under a salt that is used twice, equal payloads would have equal commitments.
        return self._salts.pop()

    def _stored_size(self) -> int:
        note = self._log.head()
        known = None if note is None else self._last.recall(note)
        if known is not None:
            return known[1].size
        try:
            return self._log.size()
        except AuditError as error:
            raise LogUnwritable(internal=f"{error.code}: {error.detail}") from error
