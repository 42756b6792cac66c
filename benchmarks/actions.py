"""Recorded actions in batches, written into the log, against bare rows in the same database.

The bare rows are the very rows that the log stores, in a table with the same columns and indexes,
inserted by the driver's ``executemany`` in transactions of the same size: what is left is what the
log adds, from checking the session to signing the checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from benchmarks.bare_rows import BareRows, PostgresqlRows, SqliteRows
from benchmarks.installation import Installation, installed
from benchmarks.postgresql import postgresql
from benchmarks.recording import BATCHES, Recording
from benchmarks.rounds import Round, interleaved, medians
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale

NAMES = ("actions-sqlite", "actions-postgresql")
BAR = 0.8


def rows(scale: Scale) -> Iterator[Row]:
    """SQLite, then PostgreSQL."""
    with installed(users=BATCHES) as installation:
        file = installation.settings.data_dir / "understudy.db"
        yield _row("actions-sqlite", "SQLite", installation, SqliteRows(file), scale)
    with postgresql() as url, installed(users=BATCHES, database_url=url) as installation:
        yield _row("actions-postgresql", "PostgreSQL", installation, PostgresqlRows(url), scale)


def _row(name: str, database: str, installation: Installation, bare: BareRows, scale: Scale) -> Row:
    with ExitStack() as stack:
        engine = stack.enter_context(installation.engine())
        recording = Recording(engine, installation.application)
        recording.per_second(1)  # something to copy
        stack.enter_context(bare.table(size=recording.group_size))
        measures: dict[str, Round] = {
            "ours": partial(recording.per_second, scale.groups),
            "group commit": partial(bare.by_group_commit_per_second, scale.groups),
            "at once": partial(bare.at_once_per_second, scale.groups),
        }
        found = medians(interleaved(scale.rounds, measures))
    return Row(
        name=name,
        what=f"recorded actions on {database}, {BATCHES} batches at a time",
        unit="rows/s",
        value=found["ours"],
        more_is_better=True,
        peers=(
            Peer(name="group commit of bare rows", value=found["group commit"], at_least=BAR),
            Peer(name="bare rows, 1,280 in one call", value=found["at once"]),
        ),
    )
