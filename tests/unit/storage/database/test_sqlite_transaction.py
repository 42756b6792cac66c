"""What a write transaction of a SQLite file does when it cannot go on."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.storage.database import sqlite_file
from understudy.storage.database.connection import RanAhead
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.database.sqlite_transaction import SqliteTransaction


def fill_the_disk(transaction: SqliteTransaction) -> None:
    transaction.run("meta_put", {"name": "before", "value": "1"})
    with refusal_of(errors.StorageFull, "storage_full"):
        transaction.run("meta_put", {"name": "big", "value": "x" * 100_000})


def test_nothing_slips_out_of_a_transaction_that_a_full_disk_ended(
    path: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.reading() as connection:
        pages = connection._raw.execute("PRAGMA page_count").fetchone()[0]
    limited = (*sqlite_file._EVERY_CONNECTION, f"PRAGMA max_page_count={pages + 4}")
    monkeypatch.setattr(sqlite_file, "_EVERY_CONNECTION", limited)
    with closing(SqliteDatabase(path)) as small:
        with suppress(errors.Unavailable), small.writing() as transaction:
            fill_the_disk(transaction)
            assert not transaction.alive
            for again in (transaction.run, transaction.one):
                with pytest.raises(errors.Unavailable, match="nothing was changed"):
                    again("meta_put", {"name": "after", "value": "1"})
            with refusal_of(errors.Unavailable, "unavailable"), transaction.savepoint():
                pass
        with small.reading() as connection:
            assert connection.one("meta_get", {"name": "before"}) is None
            assert connection.one("meta_get", {"name": "after"}) is None


class RefusedError(Exception):
    """What a flow may raise."""


def test_nobody_goes_on_with_half_of_what_was_to_be_undone(database: SqliteDatabase) -> None:
    with (
        refusal_of(errors.Unavailable, "unavailable"),
        database.writing(ahead=True) as transaction,
        suppress(RanAhead),
        transaction.savepoint(),
    ):
        transaction.run("meta_put", {"name": "refused", "value": "1"})
        raise RefusedError
    with database.reading() as connection:
        assert connection.one("meta_get", {"name": "refused"}) is None
