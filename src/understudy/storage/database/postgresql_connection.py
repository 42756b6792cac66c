"""Snapshots and the write transaction of PostgreSQL, as the repositories use them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from understudy import errors
from understudy.storage.database import statements
from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import Params, Row, Value, must_change
from understudy.storage.database.memory import Memory
from understudy.storage.database.postgresql_burst import PostgresqlBurst, Statement
from understudy.storage.database.postgresql_server import RawConnection, translate

STREAM_ROWS = 500

_numbers = count(1)
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
        text, params = _resolved(self._statements, query, params)
        try:
            with self._raw.cursor(name=f"stream_{next(_numbers)}") as cursor:
                cursor.itersize = STREAM_ROWS
                cursor.execute(text, params)
                names = _names(cursor)
                for row in cursor:
                    yield dict(zip(names, row, strict=True))
        except psycopg.Error as error:
            raise translate(error) from error

    def answers(self, query: str) -> Answers:
        """Nothing is remembered."""
        return NOTHING

    def _execute(self, query: str, params: Params) -> _Cursor:
        return self._ask(*_resolved(self._statements, query, params))

    def _ask(self, text: str, params: Params) -> _Cursor:
        try:
            return self._raw.execute(text, params)
        except (psycopg.Error, UnicodeEncodeError) as error:
            raise translate(error) from error


class PostgresqlTransaction:
    """The one write transaction: what need not be answered at once goes out with what must be.

    All is answered before its savepoint is left, so that an error is always that of the flow that
    made it.
    """

    def __init__(
        self, burst: PostgresqlBurst, statements: statements.Statements, memory: Memory
    ) -> None:
        self._raw = burst.raw
        self._burst = burst
        self._statements = statements
        self._memory = memory
        self._savepoints = 0
        self._unsent: list[tuple[Statement, bool]] = []
        """Statements, and whether each of them must change a row."""

    def all(self, query: str, params: Params = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        """Every row of ``query``."""
        return self._rows(self._run(query, params))

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        """The first row of ``query``, or None."""
        return next(iter(self.all(query, params)), None)

    def stream(self, query: str, params: Params = {}) -> Iterator[Row]:  # noqa: B006 - never changed
        """Every row of ``query``, a few at a time: the server keeps the rest."""
        name = f"stream_{next(_numbers)}"
        text, params = _resolved(self._statements, query, params)
        self._ask(f"DECLARE {name} NO SCROLL CURSOR FOR {text}", params, keeps=False)
        while True:
            rows = self._rows(self._ask(f"FETCH {STREAM_ROWS} FROM {name}", keeps=False))
            yield from rows
            if len(rows) < STREAM_ROWS:
                break
        self._ask(f"CLOSE {name}", keeps=False)

    def answers(self, query: str) -> Answers:
        """What this and earlier transactions know of a query."""
        return self._memory.answers(query)

    def run(self, query: str, params: Params = {}) -> int:  # noqa: B006 - never changed
        """Run a statement; answers the number of rows it changed."""
        return self._run(query, params).command_tuples or 0

    def change(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """Run a statement that must change a row; within a savepoint known when that is left."""
        self._memory.run(query)
        self._put(*_resolved(self._statements, query, params), changes=True)
        if not self._savepoints:
            self._settle()

    def run_many(self, query: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each of ``rows``."""
        self._memory.run(query)
        text = self._statements.positional(query)
        for row in rows:
            self._put(text, row)
        self._settle()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happened inside when the block raises, if the connection is still there."""
        self._put("SAVEPOINT flow")
        self._savepoints += 1
        is_whole = False
        try:
            yield
            if self._unsent:
                self._settle()
            self._require_whole()
            is_whole = True
        finally:
            self._savepoints -= 1
            if not is_whole:
                self._memory.forget()
                self._undo()
        # Goes out with whatever comes next: all that it ends has been answered.
        self._put("RELEASE flow")

    def scrub(self) -> None:
        """Nothing: the server's vacuum decides when deleted rows leave the disk."""

    @property
    def alive(self) -> bool:
        """False once the connection is gone, or the transaction can only be rolled back."""
        return (
            not self._raw.closed and self._raw.info.transaction_status is TransactionStatus.INTRANS
        )

    def end(self, commands: Sequence[str]) -> Sequence[Sequence[Row]]:
        """Run what ends the transaction; answers the rows of each command."""
        before = len(self._unsent)
        for command in commands:
            self._put(command)
        return [self._rows(answer) for answer in self._settle()[before:]]

    def _run(self, query: str, params: Params) -> PGresult:
        self._memory.run(query)
        return self._ask(*_resolved(self._statements, query, params))

    def _ask(self, text: str, params: Params = {}, *, keeps: bool = True) -> PGresult:  # noqa: B006 - never changed
        self._put(text, params, keeps=keeps)
        return self._settle()[-1]

    def _put(
        self,
        text: str,
        params: Params | Sequence[Value] = (),
        *,
        changes: bool = False,
        keeps: bool = True,
    ) -> None:
        try:
            statement = self._burst.statement(text, params, keeps=keeps)
        except (psycopg.Error, UnicodeEncodeError) as error:
            raise translate(error) from error
        self._unsent.append((statement, changes))

    def _settle(self) -> Sequence[PGresult]:
        """Send what is there, and wait for every answer.

        :raises errors.NotFound: when a statement changed nothing that had to.
        """
        sent, self._unsent = self._unsent, []
        try:
            found = self._burst.ask([statement for statement, _ in sent])
        except psycopg.Error as error:
            raise translate(error) from error
        for (_, changes), answer in zip(sent, found, strict=True):
            if changes:
                must_change(answer.command_tuples or 0)
        return found

    def _rows(self, answer: PGresult) -> list[Row]:
        names = [(answer.fname(at) or b"").decode() for at in range(answer.nfields)]
        return [dict(zip(names, row, strict=True)) for row in self._burst.rows(answer)]

    def _require_whole(self) -> None:
        # A flow may have hidden an error: what it did was then undone by the server.
        if not self.alive:
            raise errors.Unavailable(internal="the transaction can only be rolled back")

    def _undo(self) -> None:
        # What was not sent yet is sent nevertheless: it holds where the savepoint begins.
        with suppress(errors.UnderstudyError):
            if self._unsent:
                self._settle()
        if not self._raw.closed:
            self._put("ROLLBACK TO flow")
            self._put("RELEASE flow")
            self._settle()


def _resolved(statements: statements.Statements, query: str, params: Params) -> tuple[str, Params]:
    text = statements.fixed.get(query)
    return statements.resolve(query, params) if text is None else (text, params)


def _names(cursor: _Cursor) -> list[str]:
    return [column.name for column in cursor.description or ()]


def _rows(cursor: _Cursor) -> Sequence[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []
