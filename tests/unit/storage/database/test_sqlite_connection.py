"""What becomes of the connections on which snapshots of a SQLite file are read."""

from __future__ import annotations

import sqlite3

import pytest

from understudy import errors
from understudy.storage.database.sqlite import READERS, SqliteDatabase


def test_connections_are_used_again(database: SqliteDatabase) -> None:
    raws = set()
    for _ in range(3):
        with database.reading() as connection:
            raws.add(connection._raw)
    assert len(raws) == 1


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
