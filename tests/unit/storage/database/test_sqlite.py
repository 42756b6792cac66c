"""What is special to the SQLite file."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.storage.make import append, entry
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ids import SubjectRef
from understudy.storage.database import sqlite_file
from understudy.storage.database.migrations import from_sql, load
from understudy.storage.database.sources import Sources
from understudy.storage.database.sqlite import READERS, SqliteDatabase, SqliteTransaction
from understudy.storage.database.sqlite_file import is_refusal, translate
from understudy.storage.tables.erasures import ErasureTable

SECRET = "Ada Lovelace of Ockham Park"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "under study?.db"


@pytest.fixture
def database(path: Path) -> Iterator[SqliteDatabase]:
    with closing(SqliteDatabase(path, busy_seconds=0.1)) as opened:
        opened.migrate()
        yield opened


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


def test_a_new_file_belongs_to_its_owner_alone(database: SqliteDatabase, path: Path) -> None:
    with database.reading() as connection:
        connection.one("meta_get", {"name": "a"})
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_the_mode_of_a_file_that_exists_is_left_alone(path: Path) -> None:
    path.touch()
    path.chmod(0o640)
    migrate(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_is_not_there_is_not_made_by_reading(path: Path) -> None:
    with closing(SqliteDatabase(path)) as database:
        with refusal_of(errors.Unavailable, "unavailable"), database.reading():
            pass
        with refusal_of(errors.Unavailable, "unavailable"), database.writing():
            pass
        with refusal_of(errors.Unavailable, "unavailable"):
            database.watch()
    assert not path.exists()


def test_a_missing_directory_is_a_setup_error_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "understudy.db"
    with pytest.raises(errors.SetupError, match="No such file or directory") as caught:
        migrate(path)
    assert str(path) in caught.value.detail


def test_a_directory_is_a_setup_error(tmp_path: Path) -> None:
    with pytest.raises(errors.SetupError, match="is no file"):
        migrate(tmp_path)


def test_a_file_that_is_no_database_is_a_setup_error(path: Path) -> None:
    path.write_text("I am a shopping list. " * 100)
    with pytest.raises(errors.SetupError, match="no SQLite database"):
        migrate(path)
    assert path.read_text().startswith("I am a shopping list.")


def test_a_damaged_database_is_a_setup_error(path: Path, database: SqliteDatabase) -> None:
    database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with pytest.raises(errors.SetupError, match="damaged"):
        migrate(path)


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE recipes (name)")
    before = path.read_bytes()
    with pytest.raises(errors.SetupError, match="another program"):
        migrate(path)
    assert path.read_bytes() == before


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


def test_connections_are_used_again(database: SqliteDatabase) -> None:
    raws = set()
    for _ in range(3):
        with database.reading() as connection:
            raws.add(connection._raw)
    assert len(raws) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, errors.StorageBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, errors.StorageBusy),
        (sqlite3.SQLITE_LOCKED_SHAREDCACHE, errors.StorageBusy),
        (sqlite3.SQLITE_FULL, errors.StorageFull),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, errors.AlreadyExists),
        (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, errors.AlreadyExists),
        (sqlite3.SQLITE_CONSTRAINT_CHECK, errors.Unavailable),
        (sqlite3.SQLITE_IOERR_FSYNC, errors.Unavailable),
        (sqlite3.SQLITE_READONLY, errors.Unavailable),
        (sqlite3.SQLITE_CANTOPEN, errors.Unavailable),
        (sqlite3.SQLITE_CORRUPT, errors.Unavailable),
        (0, errors.Unavailable),
    ],
)
def test_errors_of_the_driver_become_ours(code: int, kind: type[errors.UnderstudyError]) -> None:
    error = sqlite3.OperationalError("what it said")
    error.sqlite_errorcode, error.sqlite_errorname = code, "NAME"
    translated = translate(error)
    assert type(translated) is kind
    assert translated.internal == "NAME: what it said"


def test_a_snapshot_that_cannot_begin_keeps_no_connection(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect_in_vain() -> sqlite3.Connection:
        raw = database._file.connect_to_read()
        raw.close()
        return raw

    with monkeypatch.context() as patch:
        patch.setattr(database._readers, "_connect", connect_in_vain)
        for _ in range(READERS + 1):
            with pytest.raises(errors.Unavailable) as refused, database.reading():
                pass
            assert type(refused.value) is errors.Unavailable
            assert refused.value.code == "unavailable"
    with database.reading() as connection:
        assert connection.one("entries_size") is not None


@pytest.mark.parametrize(
    ("code", "is_no"),
    [
        (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, True),
        (sqlite3.SQLITE_LOCKED, True),
        (sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, True),
        (sqlite3.SQLITE_IOERR_WRITE, False),
        (sqlite3.SQLITE_IOERR_FSYNC, False),
        (sqlite3.SQLITE_NOMEM, False),
    ],
)
def test_an_error_at_commit_is_a_no_only_where_nothing_was_written(code: int, is_no: bool) -> None:
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    assert is_refusal(error) is is_no


def test_an_error_without_a_code_is_no_answer() -> None:
    assert not is_refusal(sqlite3.OperationalError())
