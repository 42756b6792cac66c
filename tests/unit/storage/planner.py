"""Asks SQLite how it would run the searches of a table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import Dialect, Params, Row, V
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.database.statements import Statements, colon_style, load


class Planner:
    """Stands for a transaction: keeps the plan of what it is asked, and answers ``rows``."""

    def __init__(self, raw: sqlite3.Connection, rows: Mapping[str, Sequence[Row]]) -> None:
        self._raw = raw
        self._rows = rows
        self._statements = Statements(load(), colon_style, Dialect.SQLITE)
        self.plans: list[str] = []

    def all(self, query: str, params: Params = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        sql, flat = self._statements.resolve(query, params)
        self.plans += [row[3] for row in self._raw.execute(f"EXPLAIN QUERY PLAN {sql}", flat)]
        return self._rows.get(query, ())

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        return next(iter(self.all(query, params)), None)

    def stream(self, query: str, params: Params = {}) -> Iterator[Row]:  # noqa: B006 - never changed
        return iter(self.all(query, params))

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        return read(self.all(query, params))

    def answers(self, query: str) -> Answers:
        return NOTHING

    @property
    def sorts(self) -> list[str]:
        """The plans that must sort what they find, instead of walking an index in its order."""
        return [plan for plan in self.plans if "TEMP B-TREE" in plan or "MULTI-INDEX" in plan]


@contextmanager
def empty_database(folder: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection to a file with our schema."""
    path = folder / "understudy.db"
    with closing(SqliteDatabase(path)) as database:
        database.migrate()
    with closing(sqlite3.connect(path)) as raw:
        yield raw
