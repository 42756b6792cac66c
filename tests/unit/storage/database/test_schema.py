"""How a migration is run, seen from the database that it is run on."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from types import SimpleNamespace

import pytest

from understudy.storage.database import schema
from understudy.storage.database.connection import Dialect
from understudy.storage.database.migrations import Fill, Index, Migration, Port, from_sql
from understudy.storage.database.state import Doing

ONE = from_sql(1, "one", "CREATE TABLE things (id {text});\n")


class Site:
    """A database in memory that writes down when it is locked, and for how long it is left."""

    attempts = 1

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self.calls: list[object] = []

    @contextmanager
    def reading(self) -> Iterator[Port]:
        yield Port(Dialect.SQLITE, lambda sql, params: self._raw.execute(sql, params).fetchall())

    @contextmanager
    def locked(self) -> Iterator[Port]:
        self.calls.append("lock")
        with self.reading() as port:
            yield port
        self.calls.append("commit")

    def alone(self, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        return nullcontext()

    def build(self, index: Index) -> None:
        self.calls.append(index.name)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with closing(sqlite3.connect(":memory:")) as raw:
        made = Site(raw)
        schema.migrate(made, [ONE])
        made.calls.clear()
        times = iter([0.0, 0.3, 1.0, 1.001, 2.0])
        clock = SimpleNamespace(sleep=made.calls.append, monotonic=lambda: next(times))
        monkeypatch.setattr(schema, "time", clock)
        yield made


def test_what_is_up_to_date_is_not_locked(site: Site) -> None:
    schema.migrate(site, [ONE])
    assert site.calls == []


def test_an_index_is_built_outside_of_the_lock(site: Site) -> None:
    two = from_sql(2, "two", "SELECT 1;\n-- online\nCREATE INDEX by_id ON things (id);\n")
    schema.migrate(site, [ONE, two])
    assert site.calls == ["lock", "commit", "by_id", "lock", "commit"]


def test_writers_have_half_of_the_time_of_a_back_fill(site: Site) -> None:
    rows = [5, 1, 0]
    fill = Fill(slice=lambda port: rows.pop(0))
    two = Migration(
        number=2, name="two", compatible_from=1, expand=lambda port: None, online=(fill,)
    )
    schema.migrate(site, [ONE, two])
    slices = site.calls[2:-2]
    assert slices == ["lock", "commit", 0.3, "lock", "commit", 0.02, "lock", "commit", 0]


def test_each_part_is_logged_as_it_begins(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="understudy.storage"):
        schema.log_it(Doing(migration="0004 fills", what="filling rows"))
        schema.log_it(Doing(migration="0004 fills", what="filling rows", rows=500))
    assert [record.getMessage() for record in caplog.records] == ["schema 0004 fills: filling rows"]
