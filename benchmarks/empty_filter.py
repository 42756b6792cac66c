"""What it costs to find nothing in a log that has grown long, beside the same in a short one.

Each filter asks for somebody's entries of a type that nobody's entries have: what an auditor does
who looks whether something ever happened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from benchmarks.rounds import best, interleaved, microseconds
from benchmarks.row import Row
from benchmarks.scale import Scale
from understudy.core.ids import ActorRef, OrganizationRef, SubjectRef
from understudy.core.notices.events import EventType
from understudy.core.ports import EntryFilter
from understudy.storage.database.connection import Transaction
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.tables.entries import EntryTable

NAMES = ("empty-filter",)
BAR = 2.0
_NEVER = frozenset({EventType.KEYS_ROTATED})
_FILTERS = {
    "actor": EntryFilter(actor_ref=ActorRef("opr_1"), types=_NEVER),
    "subject": EntryFilter(subject_ref=SubjectRef("sub_1"), types=_NEVER),
    "organization": EntryFilter(organization_ref=OrganizationRef("org_1"), types=_NEVER),
    "application": EntryFilter(application_id="app_1", types=_NEVER),
}
# Ten of each, so that all of them have done a tenth of everything.
_FILL = """
WITH RECURSIVE entry (idx) AS (
    SELECT 0 UNION ALL SELECT idx + 1 FROM entry WHERE idx + 1 < ?
)
INSERT INTO log_entries
    (idx, time_ms, type, application_id, actor_ref, subject_ref, organization_ref, outcome, leaf,
     core, core_salt)
SELECT
    idx, idx, 'action.completed', 'app_' || idx % 10, 'opr_' || idx / 10 % 10,
    'sub_' || idx / 100 % 10, 'org_' || idx / 1000 % 10, 'ok', x'', '{}', x''
FROM entry
"""


def rows(scale: Scale) -> Iterator[Row]:
    """The filter that grows most."""
    with ExitStack() as stack:
        logs = {
            name: stack.enter_context(_filled(size))
            for name, size in (("short", scale.short_log), ("long", scale.long_log))
        }
        measures = {
            f"{name} {what}": lambda log=log, what=what: _microseconds(log, what, scale.calls)
            for name, log in logs.items()
            for what in _FILTERS
        }
        found = best(interleaved(scale.rounds, measures))
    yield Row(
        name="empty-filter",
        what=f"a filter that finds nothing, {scale.long_log:,} entries over {scale.short_log:,}",
        unit="times",
        value=max(found[f"long {what}"] / found[f"short {what}"] for what in _FILTERS),
        at_most=BAR,
    )


@contextmanager
def _filled(size: int) -> Iterator[SqliteDatabase]:
    with TemporaryDirectory(prefix="understudy-entries-") as folder:
        path = Path(folder) / "understudy.db"
        with closing(SqliteDatabase(path)) as database:
            database.migrate()
            with closing(sqlite3.connect(path)) as raw, raw:
                raw.execute(_FILL, (size,))
            yield database


def _microseconds(database: SqliteDatabase, what: str, calls: int) -> float:
    """For one look."""

    def look() -> None:
        with database.reading() as connection:
            assert not EntryTable(cast(Transaction, connection)).search(_FILTERS[what])

    return microseconds(look, calls)
