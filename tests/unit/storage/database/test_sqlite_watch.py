"""What a watch on a SQLite file says when it cannot look."""

from __future__ import annotations

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.database.sqlite_watch import SqliteWatch


def test_a_file_that_cannot_be_read_is_not_taken_for_one_without_news(
    database: SqliteDatabase,
) -> None:
    raw = database._file.connect_to_read()
    watch = SqliteWatch(raw)
    raw.close()
    with refusal_of(errors.Unavailable, "unavailable"):
        watch.wait(0.1)


def test_a_closed_watch_has_no_news(database: SqliteDatabase) -> None:
    watch = database.watch()
    with database.writing() as transaction:
        transaction.run("meta_put", {"name": "a", "value": "1"})
    watch.close()
    assert watch.wait(0.1) is False
