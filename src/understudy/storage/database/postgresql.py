"""The database as a schema of its own, ``understudy``, in PostgreSQL 14 or newer.

Readers see one snapshot. Writers of all nodes take turns by one advisory lock: without it, nodes
that write groups deadlock (DESIGN section 5). Every commit notifies the watches of all nodes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from understudy.storage.database import schema, statements
from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import Dialect, Params, Row, Value
from understudy.storage.database.history import state_of
from understudy.storage.database.memory import Memory
from understudy.storage.database.pool import Pool
from understudy.storage.database.postgresql_server import (
    PostgresqlServer,
    RawConnection,
    require_features,
    translate,
)
from understudy.storage.database.postgresql_site import PostgresqlSite
from understudy.storage.database.schema import log_it
from understudy.storage.database.sources import Sources
from understudy.storage.database.state import SchemaState, Tell

CHANNEL = "understudy"
LOCK = 0x556E646572737475
"""The key of the advisory lock of writers: "Understu"."""
READERS = 16
PATIENCE_SECONDS = 5.0
SLICE_SECONDS = 0.1
"""How soon a watch notices that it is closed."""
LOOK_SLICES = 10
"""After so many slices without a notification, a watch says that a look would be wise."""
STREAM_ROWS = 500

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

# One round trip. A node that hangs in its transaction would stop all others: it loses it instead.
_BEGIN_WRITING = f"""
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL idle_in_transaction_session_timeout TO '30s';
SELECT pg_advisory_xact_lock({LOCK});
"""

_COMMIT_AND_NOTIFY = f"SELECT pg_notify('{CHANNEL}', ''); COMMIT"

_numbers = count(1)
"""Names of server-side cursors: several may be open at once."""


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
        text, params = self._resolve(query, params)
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

    def _execute(self, query: str, params: Params) -> psycopg.Cursor[tuple[Any, ...]]:
        text, params = self._resolve(query, params)
        try:
            return self._raw.execute(text, params)
        except (psycopg.Error, UnicodeEncodeError) as error:
            raise translate(error) from error

    def _resolve(self, query: str, params: Params) -> tuple[str, Params]:
        text = self._statements.fixed.get(query)
        if text is None:
            text, params = self._statements.resolve(query, params)
        return text, params


class PostgresqlTransaction(PostgresqlConnection):
    """The one write transaction."""

    def __init__(
        self, raw: RawConnection, statements: statements.Statements, memory: Memory
    ) -> None:
        super().__init__(raw, statements)
        self._memory = memory

    def answers(self, query: str) -> Answers:
        """What this transaction knows of a query."""
        return self._memory.answers(query)

    def run(self, query: str, params: Params = {}) -> int:  # noqa: B006 - never changed
        """Run a statement; answers the number of rows it changed."""
        return self._execute(query, params).rowcount

    def run_many(self, query: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each of ``rows``, without waiting for each answer."""
        self._memory.run(query)
        text = self._statements.positional(query)
        try:
            with self._raw.cursor() as cursor:
                cursor.executemany(text, rows)
        except (psycopg.Error, UnicodeEncodeError) as error:
            raise translate(error) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happened inside when the block raises, if the connection is still there."""
        self._control("SAVEPOINT flow")
        try:
            yield
        except BaseException:
            self._memory.forget()
            if not self._raw.closed:
                self._control("ROLLBACK TO flow; RELEASE flow")
            raise
        self._control("RELEASE flow")

    def scrub(self) -> None:
        """Nothing: the server's vacuum decides when deleted rows leave the disk."""

    @property
    def alive(self) -> bool:
        """False once the connection is gone, or the transaction can only be rolled back."""
        return (
            not self._raw.closed and self._raw.info.transaction_status is TransactionStatus.INTRANS
        )

    def _execute(self, query: str, params: Params) -> psycopg.Cursor[tuple[Any, ...]]:
        self._memory.run(query)
        return super()._execute(query, params)

    def _control(self, command: str) -> None:
        try:
            self._raw.execute(command)
        except psycopg.Error as error:
            raise translate(error) from error


class PostgresqlWatch:
    """Notices commits by ``LISTEN``, on a connection of its own that is made anew when lost."""

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._closing = threading.Event()
        self._turn = threading.Lock()
        self._raw: RawConnection | None = None
        self._quiet_slices = 0
        self._listen()

    def wait(self, timeout: float) -> bool:
        """True when somebody has committed, a second has passed, or the connection is new.

        :raises errors.Unavailable: while the server is away; the next call tries again.
        """
        with self._turn:
            if self._raw is None:
                if self._closing.is_set():
                    return False
                self._listen()
                return True
            try:
                return self._notified(self._raw, timeout)
            except psycopg.Error as error:
                self._drop()
                raise translate(error) from error

    def close(self) -> None:
        """Stop waiting, and close the watch's own connection."""
        self._closing.set()
        with self._turn:
            self._drop()

    def _notified(self, raw: RawConnection, timeout: float) -> bool:
        for _ in range(max(1, round(timeout / SLICE_SECONDS))):
            if self._closing.is_set():
                return False
            heard = any(True for _ in raw.notifies(timeout=SLICE_SECONDS, stop_after=1))
            self._quiet_slices = 0 if heard else self._quiet_slices + 1
            if heard or self._quiet_slices >= LOOK_SLICES:
                self._quiet_slices = 0
                return True
        return False

    def _listen(self) -> None:
        self._raw = self._server.connect()
        self._quiet_slices = 0
        try:
            self._raw.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            self._drop()
            raise translate(error) from error

    def _drop(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            raw.close()


class PostgresqlDatabase:
    """One database, by its address, which may hold a password and is never shown."""

    dialect = Dialect.POSTGRESQL

    def __init__(self, url: str, *, sources: Sources | None = None) -> None:
        self._server = PostgresqlServer(url)
        self._sources = sources or Sources.of()
        self._statements = statements.Statements(self._sources.queries, statements.percent_style)
        connect, close = self._server.connect, psycopg.Connection.close
        self._readers = Pool(connect, close, size=READERS, patience=PATIENCE_SECONDS)
        self._memory = Memory(self._sources.queries)
        # One for each process: who waits here does not occupy a connection of the server.
        self._writers = Pool(connect, close, size=1, patience=PATIENCE_SECONDS)

    @contextmanager
    def reading(self) -> Iterator[PostgresqlConnection]:
        """A consistent snapshot, taken at the first look."""
        raw = _begin(self._readers, _BEGIN_READING)
        try:
            yield PostgresqlConnection(raw, self._statements)
        finally:
            _roll_back(self._readers, raw)

    @contextmanager
    def writing(self) -> Iterator[PostgresqlTransaction]:
        """The exclusive transaction, durable once the block is left without an exception.

        :raises errors.StorageBusy: when another writer does not finish in time.
        """
        raw = _begin(self._writers, _BEGIN_WRITING)
        try:
            # Another node may have written meanwhile, and nothing here says whether one has.
            self._memory.resume(None)
            yield PostgresqlTransaction(raw, self._statements, self._memory)
            raw.execute(_COMMIT_AND_NOTIFY)
        except BaseException as error:
            self._memory.forget()
            if isinstance(error, psycopg.Error):
                raise translate(error) from error
            raise
        finally:
            _roll_back(self._writers, raw)

    def watch(self) -> PostgresqlWatch:
        """A watch on a connection of its own."""
        return PostgresqlWatch(self._server)

    def migrate(self, tell: Tell = log_it) -> None:
        """Make the schema if need be, and bring it up to date.

        :raises errors.SetupError: when we may not make a schema, or the server is too old.
        :raises errors.SchemaMismatch: when a newer Understudy wrote what this one would damage.
        :raises errors.Unavailable: when the server is away.
        """
        with self._site() as site:
            schema.migrate(site, self._sources.migrations, tell)

    def schema(self) -> SchemaState:
        """What the schema is; nothing is made or changed.

        :raises errors.Unavailable: when the server is away.
        """
        with self._site() as site, site.reading() as port:
            return state_of(port, self._sources.migrations)

    @contextmanager
    def _site(self) -> Iterator[PostgresqlSite]:
        with closing(self._server.connect()) as raw:
            require_features(raw)
            yield PostgresqlSite(raw, writers_lock=LOCK, commit=_COMMIT_AND_NOTIFY)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._writers.close()
        self._readers.close()


def _begin(pool: Pool[RawConnection], command: str) -> RawConnection:
    """A connection in a new transaction. One that was lost while idle is replaced, once."""
    raw = pool.take()
    try:
        raw.execute(command)
    except psycopg.OperationalError as error:
        _roll_back(pool, raw)
        if not raw.closed:
            raise translate(error) from error
    except BaseException:
        _roll_back(pool, raw)
        raise
    else:
        return raw
    pool.drop_idle()
    return _begin_anew(pool, command)


def _begin_anew(pool: Pool[RawConnection], command: str) -> RawConnection:
    raw = pool.take()
    try:
        raw.execute(command)
    except BaseException as error:
        _roll_back(pool, raw)
        if isinstance(error, psycopg.Error):
            raise translate(error) from error
        raise
    return raw


def _roll_back(pool: Pool[RawConnection], raw: RawConnection) -> None:
    """End a transaction that is still open, and let nobody meet a connection that cannot."""
    try:
        if raw.closed or raw.info.transaction_status is TransactionStatus.ACTIVE:
            pool.drop(raw)
            return
        if raw.info.transaction_status is not TransactionStatus.IDLE:
            raw.execute("ROLLBACK")
    except psycopg.Error:
        pool.drop(raw)
    else:
        pool.give_back(raw)


def _names(cursor: psycopg.Cursor[Any] | psycopg.ServerCursor[Any]) -> list[str]:
    return [column.name for column in cursor.description or ()]


def _rows(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []
