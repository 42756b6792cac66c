"""Tell of rows that somebody else wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from understudy.core.notices.events import SYSTEM, Event, EventType, Outcome, Scalar
from understudy.core.ports import Unit

NAMED = 20
"""So many rows of a table are named in one entry."""


def tell_of_forged_rows(unit: Unit, found: Mapping[str, Sequence[str]]) -> None:
    """An alarm for each table with rows that were ``found``; nobody knows whose work they are."""
    for table, rows in sorted(found.items()):
        details: dict[str, Scalar] = {
            "table": table,
            "rows": ", ".join(rows[:NAMED]),
            "rows_found": len(rows),
        }
        unit.record(
            Event(type=EventType.ROW_FORGED, actor=SYSTEM, outcome=Outcome.DENIED, details=details)
        )
