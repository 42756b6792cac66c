"""What a SQLite file must be, and what its errors mean."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from understudy import errors
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.database.sqlite_file import is_refusal, translate


def migrate(path: Path) -> None:
    with closing(SqliteDatabase(path, busy_seconds=0.1)) as database:
        database.migrate()


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
