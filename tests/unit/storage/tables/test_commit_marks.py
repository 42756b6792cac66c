from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from understudy.storage.database.databases import open_database
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.tables.commit_marks import KEPT, CommitMarks

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    with closing(open_database(f"sqlite:///{tmp_path / 'u.db'}")) as opened:
        assert isinstance(opened, SqliteDatabase)
        opened.migrate()
        yield opened


def test_the_last_mark_of_a_process_is_found_and_no_other(database: SqliteDatabase) -> None:
    mine, others = CommitMarks(), CommitMarks()
    with database.writing() as transaction:
        assert not mine.is_last(transaction, 1)
        first = mine.put(transaction, NOW)
        assert mine.is_last(transaction, first)
        others.put(transaction, NOW)
        second = mine.put(transaction, NOW)
        assert not mine.is_last(transaction, first)
        assert mine.is_last(transaction, second)


def test_a_mark_goes_with_its_transaction(database: SqliteDatabase) -> None:
    marks = CommitMarks()
    with suppress(KeyError), database.writing() as transaction:
        marks.put(transaction, NOW)
        raise KeyError
    with database.writing() as transaction:
        assert not marks.is_last(transaction, 1)


def test_a_child_of_a_process_has_marks_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = CommitMarks()
    before = marks.node
    assert marks.node == before
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert marks.node != before


def test_marks_of_processes_that_write_no_more_are_removed_after_a_month(
    database: SqliteDatabase,
) -> None:
    old, recent = CommitMarks(), CommitMarks()
    with database.writing() as transaction:
        old.put(transaction, NOW - KEPT - timedelta(milliseconds=1))
        recent.put(transaction, NOW - KEPT)
        CommitMarks().put(transaction, NOW)
        assert not old.is_last(transaction, 1)
        assert recent.is_last(transaction, 1)
