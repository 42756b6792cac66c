"""How the schema of a PostgreSQL database is worked on, beside nodes that read and write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.pq import TransactionStatus

from understudy.storage.database.connection import Dialect, Params
from understudy.storage.database.migrations import Index, Port, Rows
from understudy.storage.database.postgresql_server import (
    RawConnection,
    make_schema,
    translate,
)
from understudy.storage.database.statements import percent_style
from understudy.storage.vault import InstallationVault

LOCK = 0x556E646572736368
"""The key of the advisory lock of whoever changes the schema: "Undersch"."""
POLL_SECONDS = 0.2
ATTEMPTS = 40
PATIENCE = "3s"
"""How long one attempt waits for the lock or a table: all others wait behind it."""

# However long it takes: it is short by contract, and what is long would never succeed otherwise.
_TAKE_TIME = """
SET statement_timeout TO 0;
SET idle_in_transaction_session_timeout TO 0;
SET lock_timeout TO 0;
"""

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_INVALID = """
SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = %s AND relname = %s AND NOT indisvalid
"""


class PostgresqlSite:
    """The site on one connection, whose limits it lifts.

    ``writers_lock`` is the lock that writers take turns by, ``commit`` commits and tells others.
    ``vault`` is for migrations.
    """

    attempts = ATTEMPTS

    def __init__(
        self,
        raw: RawConnection,
        *,
        schema: str,
        writers_lock: int,
        commit: str,
        vault: InstallationVault | None = None,
    ) -> None:
        self._raw = raw
        self._schema = schema
        self._vault = vault
        self._begin = f"""
            BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
            SET LOCAL lock_timeout TO '{PATIENCE}';
            SELECT pg_advisory_xact_lock({writers_lock});
        """
        self._commit = commit
        raw.execute(_TAKE_TIME)

    @contextmanager
    def reading(self) -> Iterator[Port]:
        """A snapshot; waits for nobody."""
        with self._transaction(_BEGIN_READING, "ROLLBACK") as port:
            yield port

    @contextmanager
    def locked(self) -> Iterator[Port]:
        """A transaction under the writers' lock, without a limit to its time.

        :raises errors.StorageBusy: when somebody holds the lock, or a table, for seconds.
        """
        with self._transaction(self._begin, self._commit) as port:
            make_schema(self._raw, self._schema)
            yield port

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Wait until no other node is at work on the schema."""
        # Asked again and again: whoever waits inside a statement holds a snapshot, and building an
        # index waits for every snapshot there is, so that the two would wait for each other.
        if not self._take_lock():
            waiting()
            while not self._take_lock():
                time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            with suppress(psycopg.Error):  # it goes with the connection at the latest
                self._raw.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))

    def build(self, index: Index) -> None:
        """Make or drop an index beside the writers; one that was cut off is made anew."""
        if not index.is_for(Dialect.POSTGRESQL):
            return
        try:
            if self._raw.execute(_INVALID, (self._schema, index.name)).fetchone():
                dropped = Index(name=index.name, definition="")
                self._raw.execute(dropped.statement(concurrently=True))
            self._raw.execute(index.statement(concurrently=True))
        except psycopg.Error as error:
            raise translate(error) from error

    def _take_lock(self) -> bool:
        try:
            row = self._raw.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        except psycopg.Error as error:
            raise translate(error) from error
        return row is not None and bool(row[0])

    @contextmanager
    def _transaction(self, begin: str, end: str) -> Iterator[Port]:
        try:
            self._raw.execute(begin)
            yield Port(Dialect.POSTGRESQL, self._run, self._vault)
            self._raw.execute(end)
        except psycopg.Error as error:
            raise translate(error) from error
        finally:
            if self._raw.info.transaction_status is not TransactionStatus.IDLE:
                with suppress(psycopg.Error):
                    self._raw.execute("ROLLBACK")

    def _run(self, statement: str, params: Params) -> Rows:
        cursor = self._raw.execute(
            *((percent_style(statement), params) if params else (statement,))
        )
        return cursor.fetchall() if cursor.description else []
