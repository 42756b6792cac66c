"""The database as one SQLite file: many readers, one writer, durable at each commit.

Write-ahead log, ``synchronous=FULL``, ``secure_delete`` (DESIGN section 6). Readers see the
snapshot of their first look. Writers of this process wait in line for one connection, processes
in another line (`sqlite_turn`); what keeps them apart is ``BEGIN IMMEDIATE``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from understudy.storage.database import schema, statements
from understudy.storage.database.connection import Dialect, Hear, Keep, hear_nothing, let_go
from understudy.storage.database.history import state_of
from understudy.storage.database.memory import Memory
from understudy.storage.database.pool import Pool
from understudy.storage.database.schema import log_it
from understudy.storage.database.sources import Sources
from understudy.storage.database.sqlite_connection import Snapshot, SqliteConnection, recover
from understudy.storage.database.sqlite_file import SqliteFile, translate
from understudy.storage.database.sqlite_letters import take_in
from understudy.storage.database.sqlite_site import SqliteSite
from understudy.storage.database.sqlite_transaction import SqliteTransaction
from understudy.storage.database.sqlite_turn import SqliteTurn
from understudy.storage.database.sqlite_watch import SqliteWatch
from understudy.storage.database.state import SchemaState, Tell
from understudy.storage.vault import InstallationVault

BUSY_SECONDS = 5.0
"""How long to wait for the writer of another process."""
SCRUB_MILLISECONDS = 50
"""How long a commit that erased something waits for readers to leave the write-ahead log."""
READERS = 16


def _state_of(raw: sqlite3.Connection) -> object:
    """Equal to what it was in an earlier transaction while nobody else has written since.

    The number is the connection's own: it says nothing beside that of another one.
    """
    return raw, raw.execute("PRAGMA data_version").fetchone()[0]


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
        self._statements = statements.Statements(
            self._sources.queries, statements.colon_style, self.dialect
        )
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
        return Snapshot(self._readers, self._statements, wait)

    @contextmanager
    def writing(self, keep: Keep = let_go, *, ahead: bool = False) -> Iterator[SqliteTransaction]:
        """The exclusive transaction, durable once the block is left without an exception.

        Each statement is answered at once; one that runs ``ahead`` only does without savepoints.

        :raises errors.StorageBusy: when another writer does not finish in time.
        """
        raw = self._writers.take()
        try:
            with self._turn.taken():
                yield from self._write(raw, ahead=ahead)
        finally:
            recover(self._writers, raw)

    def _write(self, raw: sqlite3.Connection, *, ahead: bool) -> Iterator[SqliteTransaction]:
        transaction = SqliteTransaction(raw, self._statements, self._memory, ahead=ahead)
        is_durable = False
        try:
            raw.execute("BEGIN IMMEDIATE")
            self._memory.resume(_state_of(raw))
            yield transaction
            if transaction.changes:
                take_in(raw)
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
