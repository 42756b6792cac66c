"""The snapshots of a SQLite file that readers see, and the connections that they are read on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from understudy import errors
from understudy.storage.database import statements
from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import NOT_STORABLE, Params, Row, V, Value
from understudy.storage.database.pool import Pool
from understudy.storage.database.sqlite_file import translate

STREAM_ROWS = 256


class SqliteConnection:
    """A snapshot to read from."""

    def __init__(self, raw: sqlite3.Connection, statements: statements.Statements) -> None:
        self._raw = raw
        self._statements = statements
        self._columns = statements.columns

    def all(self, query: str, params: Params = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        """Every row of ``query``."""
        cursor = self._execute(query, params)
        try:
            rows = cursor.fetchall()
        except sqlite3.Error as error:
            raise translate(error) from error
        if not rows:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in rows]  # noqa: B905 - one column, one value

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        """The first row of ``query``, or None."""
        cursor = self._execute(query, params)
        try:
            row = cursor.fetchone()
        except sqlite3.Error as error:
            raise translate(error) from error
        if row is None:
            return None
        names = self._columns.get(query) or self._names(query, cursor)
        cursor.close()
        return dict(zip(names, row))  # noqa: B905 - one column, one value

    def stream(self, query: str, params: Params = {}) -> Iterator[Row]:  # noqa: B006 - never changed
        """Every row of ``query``, a few at a time."""
        cursor = self._execute(query, params)
        names = [column[0] for column in cursor.description]
        while True:
            try:
                rows = cursor.fetchmany(STREAM_ROWS)
            except sqlite3.Error as error:
                raise translate(error) from error
            if not rows:
                return
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        """What ``read`` makes of the rows of a query."""
        return read(self.all(query, params))

    def answers(self, query: str) -> Answers:
        """Nothing is remembered."""
        return NOTHING

    def _names(self, query: str, cursor: sqlite3.Cursor) -> tuple[str, ...]:
        """The columns of ``query``; no condition ever adds one."""
        names = self._columns[query] = tuple(column[0] for column in cursor.description)
        return names

    def _execute(self, query: str, params: Params) -> sqlite3.Cursor:
        bound: Sequence[Value] | Mapping[str, Value]
        fixed = self._statements.by_place(query)
        if fixed is not None:
            sql, bound = fixed.sql, fixed.values_of(params)
            values: Iterable[Value] = bound
        else:
            sql, bound = self._statements.resolve(query, params)
            values = bound.values()
        for value in values:
            # SQLite would store it, yet PostgreSQL cannot, and LIKE stops looking there.
            if type(value) is str and "\0" in value:
                raise errors.InvalidInput(NOT_STORABLE)
        try:
            return self._raw.execute(sql, bound)
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise translate(error) from error


class Snapshot:
    """The transaction of one reader. A class, as it is entered for every point read: a generator
    takes a microsecond more.
    """

    __slots__ = ("_pool", "_raw", "_statements", "_wait")

    def __init__(
        self, pool: Pool[sqlite3.Connection], statements: statements.Statements, wait: bool
    ) -> None:
        self._pool = pool
        self._statements = statements
        self._wait = wait

    def __enter__(self) -> SqliteConnection:
        self._raw = self._pool.take(wait=self._wait)
        has_begun = False
        try:
            self._raw.execute("BEGIN")
            has_begun = True
        except sqlite3.Error as error:
            raise translate(error) from error
        finally:
            # Whoever fails to enter is never asked to leave.
            if not has_begun:
                recover(self._pool, self._raw)
        return SqliteConnection(self._raw, self._statements)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        recover(self._pool, self._raw)  # nothing was written, so that rolling back ends it too


def recover(pool: Pool[sqlite3.Connection], raw: sqlite3.Connection) -> None:
    """Roll back if SQLite has not done so, and let nobody meet a connection that cannot."""
    try:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
    except sqlite3.Error:
        pool.drop(raw)
    else:
        pool.give_back(raw)
