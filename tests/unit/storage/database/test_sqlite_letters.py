"""How people are taken into the index of letters of a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.contract.storage.make import subject
from tests.contract.storage.test_search import found, save
from tests.fixtures.vault import VAULT
from understudy.core.ids import SubjectId
from understudy.core.people.principals import Status
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.tables import directory
from understudy.storage.tables.reader import read_from


def waiting(path: Path) -> list[tuple[int, str | None]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT subject, was FROM subjects_unread ORDER BY subject").fetchall()


def behind_our_back(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement)


def test_many_are_taken_in_at_once_and_all_are_found(tmp_path: Path) -> None:
    path = tmp_path / "understudy.db"
    with closing(SqliteDatabase(path)) as database:
        database.migrate()
        people = [subject(id=f"{n}", ref=f"sub_{n}", name=f"Number {n}x") for n in range(1_100)]
        save(database, *people[:1_000])
        assert len(waiting(path)) == 1_000
        assert found(database, "1234x") == []
        save(database, *people[1_000:])
        assert waiting(path) == []
        assert found(database, "number 1099x") == ["1099"]


def test_an_old_name_waits_for_nothing_and_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "understudy.db"
    with closing(SqliteDatabase(path)) as database:
        database.migrate()
        people = [subject(id=f"{n}", ref=f"sub_{n}", name=f"Number {n}x") for n in range(1_100)]
        save(database, *people, subject(id="w", ref="sub_w", email=None, name="Wilhelmine"))
        save(database, *people[:1_050])
        save(database, subject(id="w", ref="sub_w", email=None, name=None, status=Status.DELETED))
        assert all(was is None for _, was in waiting(path))
        with database.writing() as transaction:
            transaction.scrub()
        with closing(sqlite3.connect(path)) as raw:
            asked = "SELECT rowid FROM subject_letters WHERE subject_letters MATCH '\"elm\"'"
            assert raw.execute(asked).fetchall() == []
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert b"wilhelmine" not in held.lower()


def test_what_the_index_cannot_take_in_goes_on_waiting_and_is_found(tmp_path: Path) -> None:
    path = tmp_path / "understudy.db"
    with closing(SqliteDatabase(path)) as database:
        database.migrate()
        behind_our_back(path, "DELETE FROM subject_letters_data")
        save(database, *(subject(id=f"{n}", ref=f"sub_{n}") for n in range(1_100)))
        with database.reading() as connection:
            assert read_from(connection, VAULT).subjects.get("app_1", SubjectId("9")) is not None
        assert len(waiting(path)) == 1_100


def test_a_file_that_was_made_anew_is_searched_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "LOOKED_AT", 0)
    monkeypatch.setattr(directory, "PAGES_LOOKED_AT", 0)
    path = tmp_path / "understudy.db"
    with closing(SqliteDatabase(path)) as database:
        database.migrate()
        people = [subject(id=f"{n}", ref=f"sub_{n}", name=f"Number {n}x") for n in range(1_100)]
        save(database, *people)
        behind_our_back(path, "UPDATE subjects SET roles = '[]'")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("VACUUM")
    with closing(SqliteDatabase(path)) as database:
        assert found(database, "1050x") == ["1050"]
