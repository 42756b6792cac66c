"""The SQLite file: how it is made and opened, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import ExitStack
from pathlib import Path

from understudy import errors
from understudy.storage.database.connection import NOT_STORABLE

NEW_FILE_MODE = 0o600

APPLICATION_ID = 0x556E6473
"""Marks the file as ours (``PRAGMA application_id``): "Unds"."""
RETRY_SECONDS = 0.02

_ERRORS: dict[int, type[errors.UnderstudyError]] = {
    sqlite3.SQLITE_BUSY: errors.StorageBusy,
    sqlite3.SQLITE_LOCKED: errors.StorageBusy,
    sqlite3.SQLITE_FULL: errors.StorageFull,
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: errors.AlreadyExists,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: errors.AlreadyExists,
}
"""By extended code, else by its low byte, the primary code; all others are ``Unavailable``."""

_NOTHING_WRITTEN = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT}
)
"""Errors of a COMMIT, by primary code, after which no end of the transaction is on the disk.

After an error of input or output it may be: of a disk that answered neither yes nor no.
"""
_UNUSABLE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

# cache_size is in KiB when negative; journal_size_limit is where a log that grew is cut again.
# wal_autocheckpoint is in pages: under load the same pages are written again and again, and the
# longer the log may grow, the fewer of them are copied into the database, with two fsyncs each.
_EVERY_CONNECTION = (
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-8000",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA wal_autocheckpoint=4000",
)


def translate(error: sqlite3.Error | UnicodeEncodeError) -> errors.UnderstudyError:
    """What a driver's error means to callers; ``internal`` says what it was."""
    if isinstance(error, UnicodeEncodeError):
        return errors.InvalidInput(NOT_STORABLE)
    code = getattr(error, "sqlite_errorcode", 0)
    kind = _ERRORS.get(code) or _ERRORS.get(code & 0xFF) or errors.Unavailable
    return kind(internal=f"{getattr(error, 'sqlite_errorname', type(error).__name__)}: {error}")


def is_refusal(error: sqlite3.Error) -> bool:
    """Whether a COMMIT that failed with ``error`` is known to have changed nothing."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOTHING_WRITTEN


class SqliteFile:
    """One file, at ``path``. ``busy_seconds`` is how long to wait for other processes."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self._path = path.absolute()
        self._busy_seconds = busy_seconds

    def connect(self) -> sqlite3.Connection:
        """A connection that any thread may use, one after the other.

        :raises errors.Unavailable: when the file cannot be opened. It is never made here.
        """
        try:
            return self._open()
        except sqlite3.Error as error:
            raise translate(error) from error

    def connect_to_read(self) -> sqlite3.Connection:
        """The same, but whatever writes is refused."""
        raw = self.connect()
        raw.execute("PRAGMA query_only=ON")
        return raw

    def set_up(self) -> sqlite3.Connection:
        """A connection to the file, made if need be, in write-ahead mode.

        :raises errors.SetupError: when it is no database, damaged, or somebody else's.
        :raises errors.StorageBusy: when another process keeps it locked.
        """
        self._make()
        try:
            with ExitStack() as unless_set_up:
                raw = self._open()
                unless_set_up.callback(raw.close)
                self._refuse_foreign(raw)
                self._use_write_ahead_log(raw)
                unless_set_up.pop_all()
        except sqlite3.Error as error:
            raise self.setup_error(error) from error
        return raw

    def setup_error(self, error: sqlite3.Error) -> errors.UnderstudyError:
        """What an error means to whoever starts the program."""
        known = translate(error)
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNUSABLE:
            return errors.SetupError(
                f"The file {self._path} is no SQLite database, or it is damaged.",
                internal=known.internal,
            )
        return known

    def _make(self) -> None:
        """Make the file for its owner alone, and never open one that is there already.

        Whoever closes a file gives up every lock that this process holds on it (POSIX), those of
        SQLite's other connections included: another process would then delete the write-ahead
        log that they go on writing to.
        """
        if self._path.is_file():
            return
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            os.close(os.open(self._path, flags, NEW_FILE_MODE))
        except FileExistsError as error:
            if not self._path.is_file():
                raise errors.SetupError(f"{self._path} is no file. Name another one.") from error
            # Another process was faster.
        except OSError as error:
            raise errors.SetupError(
                f"The database file {self._path} cannot be opened: {error.strerror}."
            ) from error

    def _open(self) -> sqlite3.Connection:
        # mode=rw: a wrong path is an error, never a new and empty database.
        raw = sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        with ExitStack() as unless_opened:
            unless_opened.callback(raw.close)
            for pragma in _EVERY_CONNECTION:
                raw.execute(pragma)
            unless_opened.pop_all()
        return raw

    def _refuse_foreign(self, raw: sqlite3.Connection) -> None:
        # In this order: whoever makes our tables marks the file in the same transaction.
        tables = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and not _is_marked(raw):
            raise errors.SetupError(
                f"The file {self._path} is a database of another program. Name another file."
            )

    def _use_write_ahead_log(self, raw: sqlite3.Connection) -> None:
        """Switch the journal mode: SQLite does not wait here, as it does for other locks."""
        pause = threading.Event()
        for attempts_left in reversed(range(max(1, round(self._busy_seconds / RETRY_SECONDS)))):
            try:
                raw.execute("PRAGMA busy_timeout=0")
                mode = raw.execute("PRAGMA journal_mode=WAL").fetchone()[0]
                break
            except sqlite3.OperationalError:
                if not attempts_left:
                    raise
                pause.wait(RETRY_SECONDS)
        raw.execute(f"PRAGMA busy_timeout={round(self._busy_seconds * 1000)}")
        if mode != "wal":
            raise errors.SetupError(
                f"The file system of {self._path} cannot hold a write-ahead log."
            )


def mark(raw: sqlite3.Connection) -> None:
    """Mark a file as ours, within the transaction that makes our tables."""
    if not _is_marked(raw):
        raw.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _is_marked(raw: sqlite3.Connection) -> bool:
    return bool(raw.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
