"""The database as a schema of its own in PostgreSQL 14 or newer.

Readers see one snapshot. Writers of all nodes take turns by one advisory lock: without it, nodes
that write groups deadlock (DESIGN section 5). Every commit notifies the watches of all nodes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime

import psycopg
from psycopg.pq import TransactionStatus

from understudy.storage.database import schema, statements
from understudy.storage.database.connection import Dialect, Hear, Keep, hear_nothing, let_go
from understudy.storage.database.history import state_of
from understudy.storage.database.memory import FORESEEN, Memory
from understudy.storage.database.pool import Pool
from understudy.storage.database.postgresql_burst import PostgresqlBurst
from understudy.storage.database.postgresql_connection import PostgresqlConnection
from understudy.storage.database.postgresql_server import (
    SCHEMA,
    PostgresqlServer,
    RawConnection,
    require_features,
    translate,
)
from understudy.storage.database.postgresql_site import PostgresqlSite
from understudy.storage.database.postgresql_transaction import PostgresqlTransaction
from understudy.storage.database.postgresql_turn import (
    CHANNEL,
    LOCK,
    NOTIFY,
    STATE_AT,
    Begun,
    PostgresqlTurn,
)
from understudy.storage.database.schema import log_it
from understudy.storage.database.sources import Sources
from understudy.storage.database.state import SchemaState, Tell
from understudy.storage.vault import InstallationVault

READERS = 16
PATIENCE_SECONDS = 5.0
SLICE_SECONDS = 0.1
"""How soon a watch notices that it is closed."""
LOOK_SLICES = 10
"""After so many slices without a notification, a watch says that a look would be wise."""
TOLD_CHANNEL = "understudy_told"
"""Where nodes tell each other what cannot be written at the moment."""
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresqlWatch:
    """Notices commits by ``LISTEN``, on a connection of its own that is made anew when lost."""

    def __init__(self, server: PostgresqlServer, hear: Hear = hear_nothing) -> None:
        self._server = server
        self._hear = hear
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
            heard = False
            for notice in raw.notifies(timeout=SLICE_SECONDS, stop_after=1):
                if notice.channel == TOLD_CHANNEL:
                    self._hear(notice.payload)
                else:
                    heard = True
            self._quiet_slices = 0 if heard else self._quiet_slices + 1
            if heard or self._quiet_slices >= LOOK_SLICES:
                self._quiet_slices = 0
                return True
        return False

    def _listen(self) -> None:
        self._raw = self._server.connect()
        self._quiet_slices = 0
        try:
            self._raw.execute(f"LISTEN {CHANNEL}; LISTEN {TOLD_CHANNEL}")
        except psycopg.Error as error:
            self._drop()
            raise translate(error) from error

    def _drop(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            raw.close()


class PostgresqlDatabase:
    """One schema of a database, by its address, which may hold a password and is never shown."""

    dialect = Dialect.POSTGRESQL

    def __init__(self, url: str, *, schema: str = SCHEMA, sources: Sources | None = None) -> None:
        self._server = PostgresqlServer(url, schema=schema)
        self._sources = sources or Sources.of()
        self._statements = statements.Statements(
            self._sources.queries, statements.percent_style, self.dialect
        )
        connect, close = self._server.connect, psycopg.Connection.close
        self._readers = Pool(connect, close, size=READERS, patience=PATIENCE_SECONDS)
        self._memory = Memory(self._sources.queries)
        self._questions = [self._statements.fixed[query] for query in FORESEEN]
        # One for each process: who waits here does not occupy a connection of the server.
        self._writers = Pool(self._connect_to_write, close, size=1, patience=PATIENCE_SECONDS)
        self._turn = PostgresqlTurn()
        self._sends: PostgresqlBurst | None = None

    @contextmanager
    def reading(self, *, wait: bool = True) -> Iterator[PostgresqlConnection]:
        """A consistent snapshot, taken at the first look.

        :raises errors.StorageBusy: when no connection is free; without ``wait`` at once.
        """
        raw = _begin(self._readers, _BEGIN_READING, wait=wait)
        try:
            yield PostgresqlConnection(raw, self._statements)
        finally:
            _roll_back(self._readers, raw)

    @contextmanager
    def writing(
        self, keep: Keep = let_go, *, ahead: bool = False
    ) -> Iterator[PostgresqlTransaction]:
        """The exclusive transaction, durable once the block is left without an exception.

        :raises errors.StorageBusy: when another writer does not finish in time.
        """
        raw, begun = self._begin_writing()
        is_durable = False
        try:
            self._memory.resume(begun.state, ahead=ahead)
            transaction = PostgresqlTransaction(
                self._burst(raw),
                self._statements,
                self._memory,
                foreseen=dict(zip(FORESEEN, begun.answers, strict=True)),
                ahead=ahead,
            )
            yield transaction
            answers = transaction.end(self._turn.ending(keep))
            self._memory.leave(self._turn.ended(raw, answers[STATE_AT][0]["state"]))
            is_durable = True
        finally:
            if not is_durable:
                # A lock that was to be kept goes as well: its transaction may still be open.
                self._turn.kept = False
                self._memory.forget()
            if self._turn.kept or self._turn.end(raw):
                self._writers.give_back(raw)
            else:
                self._writers.drop(raw)

    def end_turn(self) -> None:
        """Give others the lock, if it was kept."""
        if not self._turn.kept:
            return
        raw = self._writers.take()
        if self._turn.end(raw):
            self._writers.give_back(raw)
        else:
            self._writers.drop(raw)

    def _begin_writing(self, *, may_be_lost: bool = True) -> tuple[RawConnection, Begun]:
        """A connection in a new transaction, and what that finds.

        One that was lost while idle is replaced, once.
        """
        raw = self._writers.take()
        with ExitStack() as unless_begun:
            unless_begun.callback(self._drop_writer, raw)
            try:
                begun = self._turn.begin(self._burst(raw), self._questions)
                unless_begun.pop_all()
                return raw, begun
            except psycopg.Error as error:
                # Looked at before it is dropped, which closes any.
                if not (may_be_lost and raw.closed):
                    raise translate(error) from error
        return self._begin_writing(may_be_lost=False)

    def _drop_writer(self, raw: RawConnection) -> None:
        # Whether it has got the lock is not known; with the connection, the lock is free.
        self._turn.forget()
        self._writers.drop(raw)

    def _burst(self, raw: RawConnection) -> PostgresqlBurst:
        """What sends on ``raw``; it knows what is prepared there."""
        if self._sends is None or self._sends.raw is not raw:
            self._sends = PostgresqlBurst(raw)
        return self._sends

    def _connect_to_write(self) -> RawConnection:
        raw = self._server.connect()
        raw.prepare_threshold = None  # the driver would drop what the bursts have prepared
        return raw

    def watch(self, hear: Hear = hear_nothing) -> PostgresqlWatch:
        """A watch on a connection of its own."""
        return PostgresqlWatch(self._server, hear)

    def tell(self, text: str) -> None:
        """Notify every watch, in a transaction of its own and without the writers' lock."""
        raw = self._readers.take()
        try:
            raw.execute("SELECT pg_notify(%s, %s)", (TOLD_CHANNEL, text))
        except psycopg.Error as error:
            self._readers.drop(raw)
            raise translate(error) from error
        self._readers.give_back(raw)

    def now(self) -> datetime | None:
        """What the server's clock says, which is one for all nodes."""
        raw = _begin(self._readers, _BEGIN_READING, wait=True)
        try:
            row = raw.execute("SELECT clock_timestamp()").fetchone()
        except psycopg.Error as error:
            raise translate(error) from error
        finally:
            _roll_back(self._readers, raw)
        return None if row is None else row[0]

    def migrate(self, tell: Tell = log_it, *, vault: InstallationVault | None = None) -> None:
        """Make the schema if need be, and bring it up to date.

        :raises errors.SetupError: when we may not make a schema, or the server is too old.
        :raises errors.SchemaMismatch: when a newer Understudy wrote what this one would damage.
        :raises errors.Unavailable: when the server is away.
        """
        with self._site(vault) as site:
            schema.migrate(site, self._sources.migrations, tell)

    def schema(self) -> SchemaState:
        """What the schema is; nothing is made or changed.

        :raises errors.Unavailable: when the server is away.
        """
        with self._site() as site, site.reading() as port:
            return state_of(port, self._sources.migrations)

    @contextmanager
    def _site(self, vault: InstallationVault | None = None) -> Iterator[PostgresqlSite]:
        with closing(self._server.connect()) as raw:
            require_features(raw)
            yield PostgresqlSite(
                raw,
                schema=self._server.schema,
                writers_lock=LOCK,
                commit=f"{NOTIFY}; COMMIT",
                vault=vault,
            )

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._writers.close()
        self._readers.close()


def _begin(pool: Pool[RawConnection], command: str, *, wait: bool) -> RawConnection:
    """A connection in a new transaction. One that was lost while idle is replaced, once."""
    raw = pool.take(wait=wait)
    try:
        return _begun(pool, raw, command)
    except psycopg.Error as error:
        if not (isinstance(error, psycopg.OperationalError) and raw.closed):
            raise translate(error) from error
    # A restart of the server breaks all connections at once: the others are not tried one by one.
    pool.drop_idle()
    try:
        return _begun(pool, pool.take(), command)
    except psycopg.Error as error:
        raise translate(error) from error


def _begun(pool: Pool[RawConnection], raw: RawConnection, command: str) -> RawConnection:
    with ExitStack() as unless_begun:
        unless_begun.callback(_roll_back, pool, raw)
        raw.execute(command)
        unless_begun.pop_all()
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
