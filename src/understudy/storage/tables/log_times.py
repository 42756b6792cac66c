"""Where in the log a time lies, near enough for a search to begin or end there."""

from __future__ import annotations

from datetime import datetime, timedelta

from understudy.core.times import to_ms
from understudy.storage.database.connection import Connection

OUT_OF_ORDER = timedelta(hours=1)
"""How far the time of an entry may lie from its neighbours': clocks are set, and nodes differ."""
TIME_STEP = 256
"""Every how many entries one has its time in an index."""


def first_since(db: Connection, moment: datetime) -> int | None:
    """An index before which no entry is from ``moment`` or later; None when none is at all."""
    found = _nearest(db, "entries_first_since", moment - OUT_OF_ORDER)
    return None if found is None else max(0, found - TIME_STEP)


def end_before(db: Connection, moment: datetime) -> int:
    """An index from which on no entry is from before ``moment``."""
    found = _nearest(db, "entries_last_before", moment + OUT_OF_ORDER)
    return 0 if found is None else found + TIME_STEP


def _nearest(db: Connection, query: str, moment: datetime) -> int | None:
    row = db.one(query, {"time_ms": to_ms(moment)})
    return int(row["idx"] or 0) if row else None
