"""The write transaction of a SQLite file, as the repositories use it, and its savepoints."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from understudy import errors
from understudy.storage.database import statements
from understudy.storage.database.answers import Answers
from understudy.storage.database.connection import Params, RanAhead, Row, V, Value, must_change
from understudy.storage.database.memory import Memory
from understudy.storage.database.sqlite_connection import SqliteConnection
from understudy.storage.database.sqlite_file import is_refusal, translate


class SqliteTransaction(SqliteConnection):
    """The one write transaction."""

    scrubbing = False
    changes = False
    in_doubt = False

    def __init__(
        self,
        raw: sqlite3.Connection,
        statements: statements.Statements,
        memory: Memory,
        *,
        ahead: bool = False,
    ) -> None:
        super().__init__(raw, statements)
        self._memory = memory
        self._ahead = ahead

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        """What ``read`` makes of the rows of a query, or made of them before."""
        key = tuple(params.values())
        return self._memory.answers(query).get(key, lambda _: read(self.all(query, params)))

    def answers(self, query: str) -> Answers:
        """What this and earlier transactions know of a query."""
        return self._memory.answers(query)

    def run(self, query: str, params: Params = {}) -> int:  # noqa: B006 - never changed
        """Run a statement; answers the number of rows it changed."""
        self.changes = True
        return self._execute(query, params).rowcount

    def change(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """Run a statement that must change a row."""
        must_change(self.run(query, params))

    def run_many(self, query: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each of ``rows``."""
        self.changes = True
        self._require_alive()
        self._memory.run(query)
        try:
            self._raw.executemany(self._statements.positional(query), rows)
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise translate(error) from error

    def run_last(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """Run a statement whose answer nobody needs."""
        self.run(query, params)

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo what happened inside when the block raises, if the transaction is still there.

        One that runs ahead takes the savepoint for left without harm, as nearly all are: it makes
        none, and where something is to be undone after all, it answers `RanAhead`.
        """
        return _Unmarked(self) if self._ahead else _Savepoint(self)

    @property
    def written(self) -> int:
        """How many rows were written, as far as that tells whether any were."""
        return self._raw.total_changes

    def undo(self) -> None:
        """Take back what was done since the innermost savepoint began, if there is still one."""
        self._memory.forget()
        if self.alive:
            self.control("ROLLBACK TO flow")
            self.control("RELEASE flow")

    def scrub(self) -> None:
        """Truncate the write-ahead log after the commit, since it holds what was deleted."""
        self.scrubbing = True

    def commit(self) -> None:
        """Make all durable.

        :raises sqlite3.Error: when that failed, or (``in_doubt``) may have.
        """
        self.in_doubt = self.changes
        try:
            self._raw.execute("COMMIT")
        except sqlite3.Error as error:
            self.in_doubt = self.changes and not is_refusal(error)
            raise

    @property
    def alive(self) -> bool:
        """False once SQLite has rolled the transaction back by itself."""
        return self._raw.in_transaction

    def _execute(self, query: str, params: Params) -> sqlite3.Cursor:
        self._require_alive()
        self._memory.run(query)
        return super()._execute(query, params)

    def _require_alive(self) -> None:
        # After a rollback of its own, SQLite would commit each further statement by itself.
        if not self._raw.in_transaction:
            raise errors.Unavailable(internal="the transaction is gone")

    def control(self, sql: str) -> None:
        """Begin or end a savepoint, or all."""
        self._require_alive()
        try:
            self._raw.execute(sql)
        except sqlite3.Error as error:
            raise translate(error) from error


class _Savepoint:
    """Of one flow. A class, as a generator for each flow takes a microsecond more."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: SqliteTransaction) -> None:
        self._transaction = transaction

    def __enter__(self) -> None:
        self._transaction.control("SAVEPOINT flow")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if error is None:
            self._transaction.control("RELEASE flow")
        else:
            self._transaction.undo()


class _Unmarked:
    """Of one flow whose transaction runs ahead: SQLite keeps nothing by which to undo it alone."""

    __slots__ = ("_before", "_transaction")

    def __init__(self, transaction: SqliteTransaction) -> None:
        self._transaction = transaction
        self._before = transaction.written

    def __enter__(self) -> None:
        """Nothing begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        transaction = self._transaction
        # A flow that refused before it wrote has left nothing to undo.
        if error is None or not transaction.alive or transaction.written == self._before:
            return
        transaction.control("ROLLBACK")  # now, so that nobody can go on with half of a flow
        raise RanAhead(internal=f"one flow of several is to be undone: {error!r}") from error
