"""How the schema of a SQLite file is worked on, beside processes that read and write."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from understudy import errors
from understudy.storage.database.connection import Dialect, Params
from understudy.storage.database.migrations import Index, Port, Rows
from understudy.storage.database.sqlite_file import NEW_FILE_MODE, SqliteFile, mark
from understudy.storage.vault import InstallationVault

POLL_SECONDS = 0.05


class SqliteSite:
    """The site on one connection to ``file``; ``lock`` is a file beside it."""

    attempts = 3  # each waits as long as every writer does, and SQLite's lock is not fair

    def __init__(
        self,
        file: SqliteFile,
        raw: sqlite3.Connection,
        *,
        lock: Path,
        vault: InstallationVault | None = None,
    ) -> None:
        self._file = file
        self._vault = vault
        self._raw = raw
        self._lock = lock

    @contextmanager
    def reading(self) -> Iterator[Port]:
        """A snapshot; waits for nobody."""
        with self._transaction("BEGIN") as port:
            yield port

    @contextmanager
    def locked(self) -> Iterator[Port]:
        """A transaction under the writers' lock.

        :raises errors.StorageBusy: when another process does not give it up in time.
        """
        with self._transaction("BEGIN IMMEDIATE") as port:
            yield port
            mark(self._raw)

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Wait until no other process is at work on the schema; a killed one gives way at once."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            descriptor = os.open(self._lock, flags, NEW_FILE_MODE)
        except OSError as error:
            raise errors.SetupError(
                f"The file {self._lock} cannot be opened: {error.strerror}."
            ) from error
        try:
            if not _locks(descriptor):
                waiting()
                while not _locks(descriptor):
                    time.sleep(POLL_SECONDS)
            yield
        finally:
            os.close(descriptor)

    def build(self, index: Index) -> None:
        """Make or drop an index in a transaction of its own: SQLite has one writer."""
        if not index.is_for(Dialect.SQLITE):
            return
        with self.locked() as port:
            port.execute(index.statement(concurrently=False))

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Port]:
        try:
            self._raw.execute(begin)
            yield Port(Dialect.SQLITE, self._run, self._vault)
            self._raw.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._file.setup_error(error) from error
        finally:
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")

    def _run(self, statement: str, params: Params) -> Rows:
        return self._raw.execute(statement, params).fetchall()


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
