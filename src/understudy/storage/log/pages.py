"""The log read page by page, each in a transaction of its own, resumed by index.

Whoever reads slowly holds no snapshot: one that lasts keeps the write-ahead log, or dead rows, from
being cleared away, and a connection from everybody else. What a page brought lies in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from understudy.audit.entries.erasure import Erasure, IndexRange
from understudy.audit.entries.log import EntryRow
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry, EntryFilter
from understudy.errors import ErasedMeanwhile
from understudy.storage.database.connection import Connection, Database, Transaction
from understudy.storage.log.log_storage import DatabaseLog
from understudy.storage.tables.entries import EntryTable

PAGE_ROWS = 500
_ERASURES = frozenset({EventType.AUDIT_ERASED})


class LogPages:
    """The first ``size`` entries of the log; what is appended while they are read is left out."""

    def __init__(self, database: Database, *, size: int) -> None:
        self._database = database
        self._size = size

    def rows(self) -> Iterator[EntryRow]:
        """Each entry as it is stored, by rising index."""
        for start in range(0, self._size, PAGE_ROWS):
            with self._database.reading() as connection:
                rows = self._page(connection, start)
            yield from rows

    def provable_rows(self) -> Iterator[EntryRow]:
        """The same, of entries that are whole, or whose erasure is among them.

        :raises ErasedMeanwhile: when one is erased before its turn: the entry that tells of it lies
            behind the end, and without it the gap would look like a theft.
        """
        later = _LaterErasures(self._size)
        for start in range(0, self._size, PAGE_ROWS):
            with self._database.reading() as connection:
                later.look(connection)
                rows = self._page(connection, start)
            later.require_whole(rows)
            yield from rows

    def entries(self, where: EntryFilter) -> Iterator[Entry]:
        """Those that match, oldest first."""
        start = 0
        while start < self._size:
            with self._database.reading() as connection:
                table = EntryTable(cast(Transaction, connection))
                page = [*islice(table.stream(where, first=start, before=self._size), PAGE_ROWS)]
            yield from page
            # A page that is not full was the last one.
            start = page[-1].index + 1 if len(page) == PAGE_ROWS else self._size

    def _page(self, connection: Connection, start: int) -> Sequence[EntryRow]:
        return [*DatabaseLog(connection).rows(start, min(start + PAGE_ROWS, self._size))]


class _LaterErasures:
    """What was erased since the log had ``size`` entries."""

    def __init__(self, size: int) -> None:
        self._seen = size - 1
        self._ranges: list[IndexRange] = []

    def look(self, connection: Connection) -> None:
        """Take note of what has been erased since the last look."""
        table = EntryTable(cast(Transaction, connection))
        for entry in table.after(self._seen, types=_ERASURES):
            details = (entry.core or {}).get("details")
            self._ranges += Erasure.from_details(details).ranges
        self._seen = table.size() - 1

    def require_whole(self, rows: Sequence[EntryRow]) -> None:
        """Return only if nothing of ``rows`` was erased since.

        :raises ErasedMeanwhile: otherwise.
        """
        for first, last in self._ranges:
            if any(first <= row.index <= last for row in rows):
                raise ErasedMeanwhile
