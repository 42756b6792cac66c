"""Snapshots of PostgreSQL, as the repositories use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import psycopg

from understudy.storage.database import statements
from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import Params, Row, V
from understudy.storage.database.postgresql_server import RawConnection, translate

STREAM_ROWS = 500

NUMBERS = count(1)
"""Names of server-side cursors: several may be open at once."""

_Cursor = psycopg.Cursor[tuple[Any, ...]]


class PostgresqlConnection:
    """A snapshot to read from."""

    def __init__(self, raw: RawConnection, statements: statements.Statements) -> None:
        self._raw = raw
        self._statements = statements

    def all(self, query: str, params: Params = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        """Every row of ``query``."""
        cursor = self._execute(query, params)
        names = _names(cursor)
        return [dict(zip(names, row, strict=True)) for row in _rows(cursor)]

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        """The first row of ``query``, or None."""
        cursor = self._execute(query, params)
        row = cursor.fetchone()
        return None if row is None else dict(zip(_names(cursor), row, strict=True))

    def stream(self, query: str, params: Params = {}) -> Iterator[Row]:  # noqa: B006 - never changed
        """Every row of ``query``, a few at a time: the server keeps the rest."""
        text, params = resolved(self._statements, query, params)
        try:
            with self._raw.cursor(name=f"stream_{next(NUMBERS)}") as cursor:
                cursor.itersize = STREAM_ROWS
                cursor.execute(text, params)
                names = _names(cursor)
                for row in cursor:
                    yield dict(zip(names, row, strict=True))
        except psycopg.Error as error:
            raise translate(error) from error

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        """What ``read`` makes of the rows of a query."""
        return read(self.all(query, params))

    def answers(self, query: str) -> Answers:
        """Nothing is remembered."""
        return NOTHING

    def _execute(self, query: str, params: Params) -> _Cursor:
        return self._ask(*resolved(self._statements, query, params))

    def _ask(self, text: str, params: Params) -> _Cursor:
        try:
            return self._raw.execute(text, params)
        except (psycopg.Error, UnicodeEncodeError) as error:
            raise translate(error) from error


def resolved(statements: statements.Statements, query: str, params: Params) -> tuple[str, Params]:
    """The SQL of a named query as the driver spells it, and what is to be bound."""
    text = statements.fixed.get(query)
    return statements.resolve(query, params) if text is None else (text, params)


def _names(cursor: _Cursor) -> list[str]:
    return [column.name for column in cursor.description or ()]


def _rows(cursor: _Cursor) -> Sequence[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []
