"""The database as one SQLite file: many readers, one writer, durable at each commit.

Write-ahead log, ``synchronous=FULL``, ``secure_delete`` (DESIGN section 6). Readers see the
snapshot of their first look. Writers of this process wait in line for one connection; those of
other processes are kept out by ``BEGIN IMMEDIATE``.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from understudy import errors
from understudy.storage import migrations, queries
from understudy.storage.connection import NOT_STORABLE, Dialect, Params, Row
from understudy.storage.pool import Pool

BUSY_SECONDS = 5.0
"""How long to wait for the writer of another process."""
POLL_SECONDS = 0.02
"""How often a watch looks for commits."""
SCRUB_MILLISECONDS = 50
"""How long a commit that erased something waits for readers to leave the write-ahead log."""
READERS = 16
STREAM_ROWS = 256
NEW_FILE_MODE = 0o600

APPLICATION_ID = 0x556E6473
"""Marks the file as ours (``PRAGMA application_id``): "Unds"."""

_ERRORS: dict[int, type[errors.UnderstudyError]] = {
    sqlite3.SQLITE_BUSY: errors.StorageBusy,
    sqlite3.SQLITE_LOCKED: errors.StorageBusy,
    sqlite3.SQLITE_FULL: errors.StorageFull,
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: errors.AlreadyExists,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: errors.AlreadyExists,
}
"""By extended code, else by its low byte, the primary code; all others are ``Unavailable``."""

_UNUSABLE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

_EVERY_CONNECTION = (
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-8000",
    "PRAGMA journal_size_limit=67108864",
)


def translate(error: sqlite3.Error | UnicodeEncodeError) -> errors.UnderstudyError:
    """What a driver's error means to callers; ``internal`` says what it was."""
    if isinstance(error, UnicodeEncodeError):
        return errors.InvalidInput(NOT_STORABLE)
    code = getattr(error, "sqlite_errorcode", 0)
    kind = _ERRORS.get(code) or _ERRORS.get(code & 0xFF) or errors.Unavailable
    return kind(internal=f"{getattr(error, 'sqlite_errorname', type(error).__name__)}: {error}")


class SqliteConnection:
    """A snapshot to read from."""

    def __init__(self, raw: sqlite3.Connection, statements: queries.Statements) -> None:
        self._raw = raw
        self._statements = statements
        self._fixed = statements.fixed

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
        names = [column[0] for column in cursor.description]
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

    def _execute(self, query: str, params: Params) -> sqlite3.Cursor:
        sql = self._fixed.get(query)
        if sql is None:
            sql, params = self._statements.resolve(query, params)
        for value in params.values():
            # SQLite would store it, yet PostgreSQL cannot, and LIKE stops looking there.
            if type(value) is str and "\0" in value:
                raise errors.InvalidInput(NOT_STORABLE)
        try:
            return self._raw.execute(sql, params)
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise translate(error) from error


class SqliteTransaction(SqliteConnection):
    """The one write transaction."""

    scrubbing = False

    def run(self, query: str, params: Params = {}) -> int:  # noqa: B006 - never changed
        """Run a statement; answers the number of rows it changed."""
        return self._execute(query, params).rowcount

    def run_many(self, query: str, params: Sequence[Params]) -> None:
        """Run one statement for each of ``params``."""
        try:
            self._raw.executemany(self._fixed[query], params)
        except sqlite3.Error as error:
            raise translate(error) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happened inside when the block raises, if the transaction is still there."""
        self._control("SAVEPOINT flow")
        try:
            yield
        except BaseException:
            if self.alive:
                self._control("ROLLBACK TO flow")
                self._control("RELEASE flow")
            raise
        self._control("RELEASE flow")

    def scrub(self) -> None:
        """Truncate the write-ahead log after the commit, since it holds what was deleted."""
        self.scrubbing = True

    @property
    def alive(self) -> bool:
        """False once SQLite has rolled the transaction back by itself."""
        return self._raw.in_transaction

    def _control(self, sql: str) -> None:
        try:
            self._raw.execute(sql)
        except sqlite3.Error as error:
            raise translate(error) from error


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

    __slots__ = ("_pool", "_raw", "_statements")

    def __init__(self, pool: Pool[sqlite3.Connection], statements: queries.Statements) -> None:
        self._pool = pool
        self._statements = statements

    def __enter__(self) -> SqliteConnection:
        self._raw = self._pool.take()
        try:
            self._raw.execute("BEGIN")
        except BaseException as error:
            _recover(self._pool, self._raw)
            if isinstance(error, sqlite3.Error):
                raise translate(error) from error
            raise
        return SqliteConnection(self._raw, self._statements)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        _recover(self._pool, self._raw)  # nothing was written, so that rolling back ends it too


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

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._path = path.absolute()
        self._busy_seconds = busy_seconds
        self._statements = queries.Statements(queries.load(), queries.colon_style)
        self._readers = Pool(
            self._connect_reader, sqlite3.Connection.close, size=READERS, patience=busy_seconds
        )
        # One writing connection: who waits for it in this process waits fairly, without polling.
        self._writers = Pool(self._connect, sqlite3.Connection.close, size=1, patience=busy_seconds)
        self._scrub_due = False

    def reading(self) -> AbstractContextManager[SqliteConnection]:
        """A consistent snapshot, taken at the first look."""
        return _Snapshot(self._readers, self._statements)

    @contextmanager
    def writing(self) -> Iterator[SqliteTransaction]:
        """The exclusive transaction, durable once the block is left without an exception.

        :raises errors.StorageBusy: when another writer does not finish in time.
        """
        raw = self._writers.take()
        transaction = SqliteTransaction(raw, self._statements)
        try:
            raw.execute("BEGIN IMMEDIATE")
            yield transaction
            raw.execute("COMMIT")
            self._scrub(raw, transaction)
        except BaseException as error:
            _recover(self._writers, raw)
            if isinstance(error, sqlite3.Error):
                raise translate(error) from error
            raise
        self._writers.give_back(raw)

    def watch(self) -> SqliteWatch:
        """A watch on a connection of its own: a connection never sees its own commits there."""
        return SqliteWatch(self._connect_reader())

    def migrate(self) -> None:
        """Make the file if need be, and bring its schema up to date.

        :raises errors.SetupError: when the file is no database, damaged, or somebody else's.
        :raises errors.SchemaMismatch: when a newer Understudy wrote it.
        :raises errors.StorageBusy: when another process keeps it locked.
        """
        self._make_file()
        raw = self._connect()
        try:
            self._refuse_foreign(raw)
            self._use_write_ahead_log(raw)
            with self._migration(raw) as execute:
                migrations.migrate(execute, Dialect.SQLITE)
        except sqlite3.Error as error:
            raise self._setup_error(error) from error
        finally:
            raw.close()

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._writers.close()
        self._readers.close()

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: a wrong path is an error, never a new and empty database.
        try:
            raw = sqlite3.connect(
                f"{self._path.as_uri()}?mode=rw",
                uri=True,
                timeout=self._busy_seconds,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            for pragma in _EVERY_CONNECTION:
                raw.execute(pragma)
        except sqlite3.Error as error:
            raise translate(error) from error
        return raw

    def _connect_reader(self) -> sqlite3.Connection:
        raw = self._connect()
        raw.execute("PRAGMA query_only=ON")
        return raw

    def _scrub(self, raw: sqlite3.Connection, transaction: SqliteTransaction) -> None:
        """Empty the write-ahead log if something was erased.

        A reader in the way delays it to the next commit, since the callers of this one wait.
        """
        self._scrub_due = self._scrub_due or transaction.scrubbing
        if self._scrub_due:
            with suppress(sqlite3.Error):
                raw.execute(f"PRAGMA busy_timeout={SCRUB_MILLISECONDS}")
                busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._scrub_due = bool(busy)
            raw.execute(f"PRAGMA busy_timeout={round(self._busy_seconds * 1000)}")

    def _make_file(self) -> None:
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, NEW_FILE_MODE))
        except OSError as error:
            raise errors.SetupError(
                f"The database file {self._path} cannot be opened: {error.strerror}."
            ) from error

    def _refuse_foreign(self, raw: sqlite3.Connection) -> None:
        owner = raw.execute("PRAGMA application_id").fetchone()[0]
        tables = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and owner != APPLICATION_ID:
            raise errors.SetupError(
                f"The file {self._path} is a database of another program. Name another file."
            )

    def _use_write_ahead_log(self, raw: sqlite3.Connection) -> None:
        """Switch the journal mode; two processes at once can only do so one after the other."""
        pause = threading.Event()
        for _ in range(max(1, round(self._busy_seconds / POLL_SECONDS))):
            with suppress(sqlite3.OperationalError):
                mode = raw.execute("PRAGMA journal_mode=WAL").fetchone()[0]
                if mode == "wal":
                    return
            pause.wait(POLL_SECONDS)
        mode = raw.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode != "wal":
            raise errors.SetupError(
                f"The file system of {self._path} cannot hold a write-ahead log."
            )

    @contextmanager
    def _migration(self, raw: sqlite3.Connection) -> Iterator[migrations.Execute]:
        raw.execute("BEGIN IMMEDIATE")
        try:
            raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
            yield lambda sql: raw.execute(sql).fetchall()
            raw.execute("COMMIT")
        finally:
            if raw.in_transaction:
                raw.execute("ROLLBACK")

    def _setup_error(self, error: sqlite3.Error) -> errors.UnderstudyError:
        known = translate(error)
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNUSABLE:
            return errors.SetupError(
                f"The file {self._path} is no SQLite database, or it is damaged.",
                internal=known.internal,
            )
        return known
