"""How entries are made to forget: about one person, or by age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.ids import SubjectRef
from understudy.core.notices.event_sets import LASTING
from understudy.core.ports import RetentionBatch
from understudy.core.times import to_ms
from understudy.storage.database.connection import Connection, Params, Row, Transaction
from understudy.storage.tables.log_times import end_before


class ErasureTable:
    """Forgetting."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def personal_of_subject(
        self, application_id: str, subject_ref: SubjectRef, *, from_index: int, limit: int
    ) -> Sequence[int]:
        """Delete payload and salt of the personal half; answers the indexes, in order."""
        params: Params = {
            "application_id": application_id,
            "subject_ref": subject_ref,
            "from_index": from_index,
            "limit": limit,
        }
        rows = self._db.all("entries_erase_personal_of_subject", params)
        if rows:
            self._db.scrub()
        return sorted(_index(row) for row in rows)

    def older_than(
        self,
        application_id: str,
        moment: datetime,
        *,
        from_index: int,
        limit: int,
        held_subjects: frozenset[SubjectRef] = frozenset(),
    ) -> RetentionBatch:
        """Delete both halves of an application's entries from before ``moment``.

        At most ``limit`` entries from ``from_index`` on, the oldest first. Entries about
        ``held_subjects`` (refs) stay; of what lasts (`LASTING`) only the personal half goes.
        """
        where = due(self._db, application_id, moment, from_index, held_subjects)
        rows = self._db.all("entries_due", {**where, "limit": limit})
        told = [_index(row) for row in rows if row["type"] in LASTING]
        both = [_index(row) for row in rows if row["type"] not in LASTING]
        self._db.run_many("entries_erase_both", [(index,) for index in both])
        self._db.run_many("entries_erase_personal", [(index,) for index in told])
        if rows:
            self._db.scrub()
        more = len(rows) == limit
        passed: Params = {**where, "end": _index(rows[-1]) + 1} if more else where
        return RetentionBatch(
            both=both, personal=told, next_index=self._next(passed, from_index), more=more
        )

    def scrub(self) -> None:
        """Ask that what this unit forgets also leaves the disk once it is durable."""
        self._db.scrub()

    def _next(self, passed: Params, from_index: int) -> int:
        """The first of the entries passed by that will fall due later, else the one after them."""
        young = self._db.one("entries_first_young", passed)
        end = passed["end"]
        return _index(young) if young else max(from_index, end if isinstance(end, int) else 0)


def due(
    db: Connection, application_id: str, moment: datetime, first: int, held: frozenset[str]
) -> Params:
    """Parameters that say which entries have grown too old."""
    return {
        "application_id": application_id,
        "first": first,
        # Never beyond the log: what is appended there later would count as looked at.
        "end": min(end_before(db, moment), _size(db)),
        "moment": to_ms(moment),
        "held": tuple(sorted(held)),
        "lasting": tuple(sorted(LASTING)),
    }


def _size(db: Connection) -> int:
    row = db.one("entries_size")
    return int(row["size"] or 0) if row else 0


def _index(row: Row) -> int:
    return int(row["idx"] or 0)
