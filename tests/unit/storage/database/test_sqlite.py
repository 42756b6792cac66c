"""What is special to the SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.storage.make import append, entry
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ids import SubjectRef
from understudy.storage.database.migrations import from_sql, load
from understudy.storage.database.sources import Sources
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.tables.erasures import ErasureTable

SECRET = "Ada Lovelace of Ockham Park"


@pytest.fixture
def other(path: Path, database: SqliteDatabase) -> Iterator[sqlite3.Connection]:
    """A connection of another program to the same file."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as raw:
        yield raw


def migrate(path: Path) -> None:
    with closing(SqliteDatabase(path, busy_seconds=0.1)) as database:
        database.migrate()


def pragma(database: SqliteDatabase, name: str) -> list[object]:
    """The setting on a connection of a reader and on the writer's."""
    found = []
    for context in (database.reading(), database.writing()):
        with context as connection:
            found.append(connection._raw.execute(f"PRAGMA {name}").fetchone()[0])
    return found


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("journal_mode", ["wal", "wal"]),
        ("synchronous", [2, 2]),
        ("secure_delete", [1, 1]),
        ("foreign_keys", [1, 1]),
        ("trusted_schema", [0, 0]),
        ("busy_timeout", [100, 100]),
        ("query_only", [1, 0]),
    ],
)
def test_every_connection_is_set_up_alike(
    database: SqliteDatabase, name: str, values: list[object]
) -> None:
    assert pragma(database, name) == values


def test_a_file_that_is_not_there_is_not_made_by_reading(path: Path) -> None:
    with closing(SqliteDatabase(path)) as database:
        with refusal_of(errors.Unavailable, "unavailable"), database.reading():
            pass
        with refusal_of(errors.Unavailable, "unavailable"), database.writing():
            pass
        with refusal_of(errors.Unavailable, "unavailable"):
            database.watch()
    assert not path.exists()


def test_a_locked_database_is_busy(database: SqliteDatabase, other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.StorageBusy) as caught, database.writing():
        pass
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    other.execute("ROLLBACK")
    with database.writing() as transaction:
        assert transaction.alive


def test_a_locked_database_cannot_be_migrated(
    path: Path, database: SqliteDatabase, other: sqlite3.Connection
) -> None:
    last = len(load())
    step = from_sql(last + 1, "more", "ALTER TABLE meta ADD COLUMN more {text};\n")
    newer = replace(Sources.of(), migrations=(*load(), step))
    other.execute("BEGIN IMMEDIATE")
    with (
        closing(SqliteDatabase(path, busy_seconds=0.05, sources=newer)) as beside,
        refusal_of(errors.StorageBusy, "storage_busy"),
    ):
        beside.migrate()


def test_a_database_that_needs_no_migration_opens_beside_a_writer(
    database: SqliteDatabase, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    database.migrate()
    assert database.schema().due == []


def test_a_new_file_that_somebody_locks_cannot_be_migrated(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with refusal_of(errors.StorageBusy, "storage_busy"):
            migrate(path)


def test_a_locked_database_can_still_be_read(
    database: SqliteDatabase, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    with database.reading() as connection:
        assert connection.one("meta_get", {"name": "a"}) is None


def test_a_second_writer_of_a_busy_thread_gives_up(database: SqliteDatabase) -> None:
    with database.writing(), refusal_of(errors.StorageBusy, "storage_busy"), database.writing():
        pass


def files_hold(path: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in path.parent.iterdir())


def erase(database: SqliteDatabase) -> None:
    with database.writing() as transaction:
        assert ErasureTable(transaction).personal_of_subject(
            "app_1", SubjectRef("sub_user"), from_index=0, limit=10
        ) == [0]


def test_what_was_erased_is_in_no_file_any_more(path: Path, database: SqliteDatabase) -> None:
    with database.writing() as transaction:
        append(transaction, entry(0, personal=f'{{"actor_name": "{SECRET}"}}'))
    assert files_hold(path, SECRET)
    erase(database)
    assert not files_hold(path, SECRET)


def test_what_a_reader_kept_from_being_erased_is_gone_after_the_next_commit(
    path: Path, database: SqliteDatabase
) -> None:
    with database.writing() as transaction:
        append(transaction, entry(0, personal=f'{{"actor_name": "{SECRET}"}}'))
    with database.reading() as connection:
        assert connection.one("entries_get", {"idx": 0}) is not None
        erase(database)
        assert files_hold(path, SECRET)
    with database.writing() as transaction:
        transaction.run("meta_put", {"name": "a", "value": "1"})
    assert not files_hold(path, SECRET)
    assert pragma(database, "busy_timeout") == [100, 100]
