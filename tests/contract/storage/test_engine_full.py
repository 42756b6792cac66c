"""A disk that is full, on a real SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.storage.engines import (
    SECONDS,
    engine_on,
    is_marked,
    marks,
    one_group,
    words_in_log,
)
from tests.fixtures.refusals import refusal_of
from understudy.core.ports import Unit
from understudy.errors import StorageFull
from understudy.storage.database.databases import open_database
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.engine.engine import StoreEngine

KILOBYTES = 1024


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[StoreEngine]:
    with engine_on(f"sqlite:///{tmp_path / 'u.db'}", tmp_path / "data") as engine:
        engine.run(marks("before"))
        yield engine


def limit(engine: StoreEngine, spare_pages: int) -> None:
    """Let the file grow by so many pages from now on: SQLite then says that the disk is full."""
    database = engine._database
    assert isinstance(database, SqliteDatabase)
    with database.writing() as transaction:
        pages = transaction._raw.execute("PRAGMA page_count").fetchone()[0]
        transaction._raw.execute(f"PRAGMA max_page_count={pages + spare_pages}")


def fills(word: str, kilobytes: int) -> Callable[[Unit], int]:
    """A flow that needs room, before and after it writes something that does not."""

    def flow(unit: Unit) -> int:
        index = marks(word)(unit)
        unit.meta.put(f"ballast {word}", "x" * kilobytes * KILOBYTES)
        return index

    return flow


def test_full_disk_fails_whom_it_must_and_nobody_else(engine: StoreEngine) -> None:
    limit(engine, spare_pages=12)
    with one_group(engine):
        first = engine.submit(marks("a"))
        large = engine.submit(fills("b", 1000))
        last = engine.submit(marks("c"))
    assert isinstance(large.exception(SECONDS), StorageFull)
    assert (first.result(SECONDS), last.result(SECONDS)) == (2, 3)
    assert [is_marked(engine, word) for word in "abc"] == [True, False, True]
    assert words_in_log(engine) == ["before", "a", "c"]
    assert engine.writer.rerun_groups == 1
    assert engine.verify().ok


def test_flow_that_hides_the_full_disk_is_not_answered_as_done(engine: StoreEngine) -> None:
    def hides(unit: Unit) -> str:
        try:
            fills("b", 1000)(unit)
        except StorageFull:
            return "as if nothing had happened"
        return "there was room"

    limit(engine, spare_pages=12)
    with one_group(engine):
        first, hiding = engine.submit(marks("a")), engine.submit(hides)
    assert hiding.exception(SECONDS) is not None
    assert first.result(SECONDS) == 2
    assert words_in_log(engine) == ["before", "a"]


def test_service_resumes_once_there_is_room_again(engine: StoreEngine) -> None:
    limit(engine, spare_pages=0)
    futures = []
    with one_group(engine):
        futures = [engine.submit(marks(str(number), events=20)) for number in range(40)]
    failed = [future for future in futures if future.exception(SECONDS) is not None]
    assert failed
    assert all(isinstance(future.exception(), StorageFull) for future in failed)
    done = 40 - len(failed)
    assert len(words_in_log(engine)) == 1 + 20 * done
    assert engine.verify().ok
    limit(engine, spare_pages=10_000)
    assert engine.run(marks("afterwards")) == 2 + 20 * done
    assert engine.verify().ok


def test_log_that_does_not_fit_takes_the_change_with_it(engine: StoreEngine) -> None:
    # The flow itself writes a few bytes; it is the log, appended at the end, that needs the room.
    limit(engine, spare_pages=2)
    with refusal_of(StorageFull, "storage_full"):
        engine.run(marks("a", events=500))
    assert not is_marked(engine, "a")
    assert words_in_log(engine) == ["before"]
    assert engine.verify().ok


def test_reopened_database_is_whole(engine: StoreEngine, tmp_path: Path) -> None:
    limit(engine, spare_pages=2)
    with refusal_of(StorageFull, "storage_full"):
        engine.run(fills("a", 1000))
    database = open_database(f"sqlite:///{tmp_path / 'u.db'}")
    with database.reading() as connection:
        row = connection.one("meta_get", {"name": "mark a"})
    database.close()
    assert row is None
