from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from understudy.audit.entries.log import EntryRow
from understudy.errors import AuditError
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database
from understudy.storage.log.log_storage import AppendableLog, DatabaseLog


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{tmp_path / 'u.db'}")) as database:
        database.migrate()
        yield database


def row(index: int, *, erased: bool = False) -> EntryRow:
    return EntryRow(
        index=index,
        leaf=b"leaf",
        time_ms=1_000 + index,
        type="session.started",
        application_id="app_1",
        actor_ref="opr_1",
        subject_ref="sub_1",
        organization_ref=None,
        grant_id="grt_1",
        session_id="ses_1",
        outcome="ok",
        doer_ref=None,
        core_json=None if erased else b'{"outcome":"ok"}',
        core_salt=None if erased else bytes(32),
        personal_json=None if erased else '{"actor_name":"Zo\u00eb"}'.encode(),
        personal_salt=None if erased else b"\x01" * 32,
    )


def test_entries_come_back_as_they_were_put(database: Database) -> None:
    rows = [row(0), row(1, erased=True), row(2)]
    with database.writing() as transaction:
        log = AppendableLog(transaction)
        log.put_entries(rows)
        assert log.appended == (2, b"leaf")
    with database.reading() as connection:
        assert list(DatabaseLog(connection).rows()) == rows
        assert list(DatabaseLog(connection).rows(1, 2)) == rows[1:2]


def test_index_that_is_taken_is_refused(database: Database) -> None:
    with database.writing() as transaction:
        AppendableLog(transaction).put_entries([row(0)])
    with pytest.raises(AuditError) as caught, database.writing() as transaction:
        AppendableLog(transaction).put_entries([row(1), row(0)])
    assert caught.value.code == "audit_invalid"
    with database.reading() as connection:
        assert list(DatabaseLog(connection).rows()) == [row(0)]


def test_empty_log_has_neither_head_nor_tiles(database: Database) -> None:
    with database.reading() as connection:
        log = DatabaseLog(connection)
        assert log.head() is None
        assert (log.size(), log.tile(0, 0), list(log.rows()), log.leaves(0, 9)) == (0, b"", [], [])


def test_wider_tile_replaces_the_narrower_one(database: Database) -> None:
    with database.writing() as transaction:
        log = AppendableLog(transaction)
        log.put_tile(0, 0, bytes(32))
        log.put_tile(0, 0, bytes(64))
        log.put_tile(1, 0, b"\x01" * 32)
    with database.reading() as connection:
        log_read = DatabaseLog(connection)
        assert (log_read.tile(0, 0), log_read.tile(1, 0)) == (bytes(64), b"\x01" * 32)
        assert list(log_read.tile_places()) == [(0, 0), (1, 0)]


def test_entry_before_the_first_is_seen_by_whoever_reads_everything(database: Database) -> None:
    with database.writing() as transaction:
        AppendableLog(transaction).put_entries([row(0)])
        transaction._raw.execute("PRAGMA ignore_check_constraints=ON")  # type: ignore[attr-defined]
        AppendableLog(transaction).put_entries([row(-1)])
    with database.reading() as connection:
        log = DatabaseLog(connection)
        assert [found.index for found in log.rows()] == [-1, 0]
        assert [found.index for found in log.rows(0)] == [0]


def test_head_is_replaced(database: Database) -> None:
    with database.writing() as transaction:
        log = AppendableLog(transaction)
        log.put_head("one \u2014".encode())
        log.put_head("two \u2014".encode())
        assert log.head() == "two \u2014".encode()
    with database.reading() as connection:
        assert DatabaseLog(connection).head() == "two \u2014".encode()
