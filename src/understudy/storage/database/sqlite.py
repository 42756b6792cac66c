"""The database as one SQLite file: many readers, one writer, durable at each commit.

Write-ahead log, ``synchronous=FULL``, ``secure_delete`` (DESIGN section 6). Readers see the
snapshot of their first look. Writers of this process wait in line for one connection, processes
in another line (`sqlite_turn`); what keeps them apart is ``BEGIN IMMEDIATE``.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from understudy import errors
from understudy.storage.database import schema, statements
from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import (
    NOT_STORABLE,
    Dialect,
    Hear,
    Keep,
    Params,
    Row,
    V,
    Value,
    hear_nothing,
    let_go,
    must_change,
)
from understudy.storage.database.history import state_of
from understudy.storage.database.memory import Memory
from understudy.storage.database.pool import Pool
from understudy.storage.database.schema import log_it
from understudy.storage.database.sources import Sources
from understudy.storage.database.sqlite_file import SqliteFile, is_refusal, translate
from understudy.storage.database.sqlite_site import SqliteSite
from understudy.storage.database.sqlite_turn import SqliteTurn
from understudy.storage.database.state import SchemaState, Tell
from understudy.storage.vault import InstallationVault

BUSY_SECONDS = 5.0
"""How long to wait for the writer of another process."""
POLL_SECONDS = 0.02
"""How often a watch looks for commits."""
SCRUB_MILLISECONDS = 50
"""How long a commit that erased something waits for readers to leave the write-ahead log."""
READERS = 16
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


class SqliteTransaction(SqliteConnection):
    """The one write transaction."""

    scrubbing = False
    changes = False
    in_doubt = False

    def __init__(
        self, raw: sqlite3.Connection, statements: statements.Statements, memory: Memory
    ) -> None:
        super().__init__(raw, statements)
        self._memory = memory

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
        """Undo what happened inside when the block raises, if the transaction is still there."""
        return _Savepoint(self)

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
        """Begin or end a savepoint."""
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


class SqliteWatch:
    """Notices commits of every other connection by ``PRAGMA data_version``."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._closing = threading.Event()
        self._turn = threading.Lock()
        self._seen = self._version()

    def wait(self, timeout: float) -> bool:
        """True as soon as somebody has committed; False after ``timeout`` seconds or ``close``.

        :raises errors.Unavailable: when the file cannot be read.
        """
        for _ in range(max(1, round(timeout / POLL_SECONDS))):
            with self._turn:
                if self._closing.is_set():
                    return False
                version = self._version()
            if version != self._seen:
                self._seen = version
                return True
            self._closing.wait(POLL_SECONDS)
        return False

    def close(self) -> None:
        """Stop waiting, and close the watch's own connection."""
        self._closing.set()
        with self._turn:
            self._raw.close()

    def _version(self) -> int:
        try:
            version: int = self._raw.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error as error:
            raise translate(error) from error
        return version


class _Snapshot:
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
                _recover(self._pool, self._raw)
        return SqliteConnection(self._raw, self._statements)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        _recover(self._pool, self._raw)  # nothing was written, so that rolling back ends it too


def _state_of(raw: sqlite3.Connection) -> object:
    """Equal to what it was in an earlier transaction while nobody else has written since.

    The number is the connection's own: it says nothing beside that of another one.
    """
    return raw, raw.execute("PRAGMA data_version").fetchone()[0]


def _recover(pool: Pool[sqlite3.Connection], raw: sqlite3.Connection) -> None:
    """Roll back if SQLite has not done so, and let nobody meet a connection that cannot."""
    try:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
    except sqlite3.Error:
        pool.drop(raw)
    else:
        pool.give_back(raw)


class SqliteDatabase:
    """One file. Its directory must exist; the file is made, for its owner alone, by ``migrate``."""

    dialect = Dialect.SQLITE

    def __init__(
        self, path: Path, *, busy_seconds: float = BUSY_SECONDS, sources: Sources | None = None
    ) -> None:
        self._file = SqliteFile(path, busy_seconds)
        self._sources = sources or Sources.of()
        self._migration_lock = path.absolute().with_name(f"{path.name}-migration")
        self._busy_seconds = busy_seconds
        self._statements = statements.Statements(self._sources.queries, statements.colon_style)
        close = sqlite3.Connection.close
        self._readers = Pool(self._file.connect_to_read, close, size=READERS, patience=busy_seconds)
        # One writing connection: who waits for it in this process waits fairly, without polling.
        self._writers = Pool(self._file.connect, close, size=1, patience=busy_seconds)
        self._turn = SqliteTurn(path.absolute(), patience=busy_seconds)
        self._memory = Memory(self._sources.queries)
        self._scrub_due = False

    def reading(self, *, wait: bool = True) -> AbstractContextManager[SqliteConnection]:
        """A consistent snapshot, taken at the first look.

        :raises errors.StorageBusy: when no connection is free; without ``wait`` at once.
        """
        return _Snapshot(self._readers, self._statements, wait)

    @contextmanager
    def writing(self, keep: Keep = let_go, *, ahead: bool = False) -> Iterator[SqliteTransaction]:
        """The exclusive transaction, durable once the block is left without an exception.

        It never runs ahead: each statement is answered at once.

        :raises errors.StorageBusy: when another writer does not finish in time.
        """
        raw = self._writers.take()
        try:
            with self._turn.taken():
                yield from self._write(raw)
        finally:
            _recover(self._writers, raw)

    def _write(self, raw: sqlite3.Connection) -> Iterator[SqliteTransaction]:
        transaction = SqliteTransaction(raw, self._statements, self._memory)
        is_durable = False
        try:
            raw.execute("BEGIN IMMEDIATE")
            self._memory.resume(_state_of(raw))
            yield transaction
            transaction.commit()
            is_durable = True
        except sqlite3.Error as error:
            raise translate(error) from error
        finally:
            if not is_durable:
                self._memory.forget()
        # Behind the commit, and outside of what is translated: it cannot be undone any more.
        self._scrub(raw, transaction)

    def end_turn(self) -> None:
        """Nothing: the lock is never kept."""

    def watch(self, hear: Hear = hear_nothing) -> SqliteWatch:
        """A watch on a connection of its own: a connection never sees its own commits there."""
        return SqliteWatch(self._file.connect_to_read())

    def tell(self, text: str) -> None:
        """Nothing: whoever shares the file shares the data directory, and looks there."""

    def now(self) -> datetime | None:
        """None: a file has no clock of its own."""
        return None

    def migrate(self, tell: Tell = log_it, *, vault: InstallationVault | None = None) -> None:
        """Make the file if need be, and bring its schema up to date.

        :raises errors.SetupError: when the file is no database, damaged, or somebody else's.
        :raises errors.SchemaMismatch: when a newer Understudy wrote what this one would damage.
        :raises errors.StorageBusy: when another process keeps it locked.
        """
        with closing(self._file.set_up()) as raw:
            site = SqliteSite(self._file, raw, lock=self._migration_lock, vault=vault)
            schema.migrate(site, self._sources.migrations, tell)

    def schema(self) -> SchemaState:
        """What the schema is; nothing is made or changed.

        :raises errors.Unavailable: when there is no such file.
        """
        with closing(self._file.connect_to_read()) as raw:
            site = SqliteSite(self._file, raw, lock=self._migration_lock)
            with site.reading() as port:
                return state_of(port, self._sources.migrations)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._writers.close()
        self._readers.close()

    def _scrub(self, raw: sqlite3.Connection, transaction: SqliteTransaction) -> None:
        """Empty the write-ahead log if something was erased; what was committed stays committed.

        A reader in the way delays it to the next commit, since the callers of this one wait.
        """
        self._scrub_due = self._scrub_due or transaction.scrubbing
        if not self._scrub_due:
            return
        with suppress(sqlite3.Error):
            raw.execute(f"PRAGMA busy_timeout={SCRUB_MILLISECONDS}")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._scrub_due = bool(busy)
        with suppress(sqlite3.Error):
            raw.execute(f"PRAGMA busy_timeout={round(self._busy_seconds * 1000)}")
