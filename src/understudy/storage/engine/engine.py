"""The engine: one writer, many readers and the log, over one database and one data directory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import TypeVar, cast

from understudy.audit.entries.findings import Report
from understudy.audit.entries.verify import Progress
from understudy.audit.exports.facts import Source
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.receipt import Receipt
from understudy.core.clock import Turn
from understudy.core.notices.events import SESSION_OVER, SYSTEM, Event, EventType, Party
from understudy.core.ports import Entry, EntryFilter, Flow, PolicyJudge, Reader, Unit, Vault
from understudy.errors import (
    AuditError,
    LogUnwritable,
    StorageFull,
    Unavailable,
    UnderstudyError,
)
from understudy.storage.clock import Elapsed, Passing, SteadyClock, Wall, since_boot, utc_now
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Database, Dialect, Transaction
from understudy.storage.endings.spool import FOLDER, Spool
from understudy.storage.engine.endings import Endings
from understudy.storage.engine.follower import Follower, OnEntries, OnHeartbeat
from understudy.storage.engine.forged import ForgedRows
from understudy.storage.engine.installation import Node, open_ledger
from understudy.storage.engine.jobs import Job
from understudy.storage.engine.upgrade import upgrade
from understudy.storage.engine.writer import Writer
from understudy.storage.log.exports import ExportKind, LineKind, export_log, line_of
from understudy.storage.log.ledger import StoreLedger
from understudy.storage.log.log_proofs import LogProofs
from understudy.storage.log.log_storage import DatabaseLog
from understudy.storage.log.pages import LogPages
from understudy.storage.log.signing import OVERLAP, LogKeyring, rotate_log_key
from understudy.storage.tables.comparison import ComparisonTable
from understudy.storage.tables.entries import EntryTable
from understudy.storage.tables.reader import NO_JUDGE, read_from
from understudy.storage.tables.unit import Random
from understudy.storage.vault import InstallationKey, InstallationVault

T = TypeVar("T")

LEAST_LEFT = 1024 * 1024
"""So few bytes left count as a full disk."""
_MARK = "tried_to_write"


def open_engine(
    database: Database,
    data_directory: DataDirectory,
    *,
    key: InstallationKey | None = None,
    require_sound_log: bool = True,
    migrate: bool = True,
    clock: Wall | None = None,
    elapsed: Elapsed | None = None,
    random: Random = os.urandom,
    timer: Callable[[], float] = time.monotonic,
    judge: PolicyJudge = NO_JUDGE,
) -> StoreEngine:
    """The engine of the installation in ``database``, which is set up if it is new.

    The engine takes the database over: it is closed with the engine, and also when this raises.
    ``key`` is given where ``installation.key`` is not used. ``require_sound_log`` is False only
    for those who come to look at a damaged log; appending to one is refused either way. So is
    ``migrate`` for those who can write nothing, and only look and end. Time goes by the machine's
    counter beside the database's clock, else the machine's; a ``clock`` that is given takes the
    place of both, and ``elapsed`` that of the counter. Without a ``judge`` policies that are in
    force forbid everything.

    :raises KeyMismatch: when the database was set up with another key.
    :raises SchemaMismatch: when a newer version has written it.
    :raises AuditError: when its log does not verify, or does not go on from the checkpoint in the
        data directory.
    :raises SetupError: when the data directory cannot be used.
    """
    with ExitStack() as undo:
        # Before migrating: whoever fails to open must not leave connections or a lock behind.
        undo.callback(database.close)
        key = key or data_directory.installation_key(random=random)
        vault = InstallationVault(key, random=random)
        if migrate:
            upgrade(database, data_directory, vault)
        spool = Spool(data_directory.path / FOLDER, vault.keyed_hash, random=os.urandom)
        # Before anything is answered: what another process was told holds here as well.
        spool.look(adopt=False)
        node = Node(
            vault=vault,
            clock=_clock(database, clock, elapsed),
            random=random,
            timer=timer,
            high_water=data_directory.high_water(),
            endings=spool.in_force,
            judge=judge,
        )
        ledger = open_ledger(database, node)
        engine = StoreEngine(database, ledger, Writer(database, ledger, timer=timer), spool)
        if require_sound_log:
            # Before the first request: a broken log found hours later has hours of entries on top.
            engine.require_sound_log()
        undo.pop_all()
    return engine


def _clock(database: Database, wall: Wall | None, elapsed: Elapsed | None) -> SteadyClock:
    """What goes by ``wall`` alone where that is given, else by the counter beside a clock."""
    if wall is not None:
        return SteadyClock(wall, elapsed or Passing(wall))
    first = database.now()
    passing = elapsed or since_boot
    if first is None:
        return SteadyClock(utc_now, passing)
    return SteadyClock(None, passing, first=first, second=utc_now)


class StoreEngine:
    """The `Engine` over a database. ``origin`` names the log; ``writer`` counts what it did, and
    ``endings`` end sessions also where it can do nothing.
    ``forged_rows`` knows what the database holds that nobody here wrote.
    """

    def __init__(
        self, database: Database, ledger: StoreLedger, writer: Writer, spool: Spool
    ) -> None:
        self.vault: Vault = ledger.vault
        self.origin = ledger.origin
        self.clock = ledger.clock
        self.writer = writer
        self.judge = ledger.judge
        self.endings = Endings(
            database,
            writer,
            spool,
            vault=ledger.vault,
            judge=ledger.judge,
            clock=ledger.clock,
        )
        self.forged_rows = ForgedRows(database, ledger.vault.seals)
        self._database = database
        self._ledger = ledger
        self._keyring = LogKeyring(ledger.vault, origin=ledger.origin)

    def submit(self, flow: Flow[T]) -> Future[T]:
        """Run ``flow`` in a unit, and resolve once it is durable.

        The flow may be run more than once, each time in a fresh unit after everything the time
        before was undone; what it does outside of its unit would happen again.

        :raises StorageBusy: when too many are waiting.
        :raises Unavailable: when the engine is closed.
        """
        return self.writer.submit(flow)

    def submit_all(self, jobs: Sequence[Job]) -> int:
        """``submit`` many at once, for whoever needs no future of each; see `Writer.submit_all`."""
        return self.writer.submit_all(jobs)

    def run(self, flow: Flow[T]) -> T:
        """``submit`` and wait; not from inside a flow."""
        return self.writer.run(flow)

    def submit_first(self, jobs: Sequence[Job]) -> int:
        """``submit_all`` for those that end sessions: before everything that is queued."""
        return self.writer.submit_all(jobs, first=True)

    def now(self) -> datetime:
        """This instant by the clock of the log."""
        return self._ledger.clock()

    def look_at_clock(self) -> Turn | None:
        """Compare the clock with its reference; answers what is to be told of it.

        :raises Unavailable: when the reference cannot be asked.
        """
        return self.clock.look(self._database.now() if self.clock.needs_telling else None)

    @contextmanager
    def reading(self, *, wait: bool = True) -> Iterator[Reader]:
        """A snapshot to read from.

        :raises StorageBusy: when no connection is free; without ``wait`` at once.
        """
        with self._database.reading(wait=wait) as connection:
            yield read_from(connection, self._ledger.vault, self.endings.spool.in_force, self.judge)

    @contextmanager
    def reading_log(self) -> Iterator[DatabaseLog]:
        """The log on one snapshot: tiles and entries, as they are stored."""
        with self._database.reading() as connection:
            yield DatabaseLog(connection)

    @contextmanager
    def comparing(self) -> Iterator[ComparisonTable]:
        """Rows beside the entries that tell of them, on one snapshot (`flows.comparison`)."""
        with self._database.reading() as connection:
            yield ComparisonTable(connection)

    def stream_entries(self, where: EntryFilter) -> Iterator[Entry]:
        """Every entry of now that matches, oldest first, in constant memory.

        No snapshot is held between pages: what is erased before its turn comes without payload.
        """
        with self._database.reading() as connection:
            size = EntryTable(cast(Transaction, connection)).size()
        yield from LogPages(self._database, size=size).entries(where)

    def follower(
        self,
        on_entries: OnEntries,
        on_heartbeat: OnHeartbeat,
        *,
        types: frozenset[EventType] = SESSION_OVER,
    ) -> Follower:
        """Somebody who hands over new entries, whichever process wrote them; to be started."""
        return Follower(
            self._database, on_entries, on_heartbeat, types=types, hear=self.endings.hear
        )

    def verifiers(self) -> Sequence[Verifier]:
        """Every key of the log, in order: past ones, the present one, an announced one."""
        with self._proofs() as proofs:
            return proofs.keys.verifiers

    def checkpoint(self) -> bytes:
        """The signed state of the log.

        :raises AuditError: when what is stored was not signed by this installation.
        """
        with self._proofs() as proofs:
            proofs.checkpoint()
            return proofs.note()

    def receipt(self, index: int) -> Receipt:
        """The proof of one entry, under the present checkpoint.

        :raises NotFound: when there is no such entry.
        :raises AuditError: when the log does not verify.
        """
        with self._proofs() as proofs:
            return proofs.receipt(index)

    def verify(
        self, *, older: Sequence[Checkpoint] = (), progress: Progress | None = None
    ) -> Report:
        """Whether the log is whole, and goes on from what this node and ``older`` remember."""
        reached = self._ledger.reached
        remembered = () if reached is None else (reached,)
        with self._proofs() as proofs:
            return proofs.verify((*older, *remembered), progress)

    def export(self, kind: ExportKind, where: EntryFilter) -> Iterator[bytes]:
        """The log of now as bytes, page by page; an NDJSON export verifies offline.

        :raises AuditError: when the log does not verify.
        :raises ErasedMeanwhile: when something was erased while an NDJSON export was read.
        """
        if kind in (ExportKind.OCSF, ExportKind.ECS, ExportKind.CEF):
            yield from self._lines(LineKind(kind), where)
            return
        with self._proofs() as proofs:
            head = proofs.head()
        yield from export_log(
            LogPages(self._database, size=head.checkpoint.size), head, kind, where
        )

    @property
    def source(self) -> Source:
        """How translated entries say where they come from."""
        return Source(origin=self.origin, version=version("understudy"))

    def _lines(self, kind: LineKind, where: EntryFilter) -> Iterator[bytes]:
        source = self.source
        for entry in self.stream_entries(where):
            yield line_of(entry, kind, source)

    def require_sound_log(self) -> None:
        """Return only if checkpoint and tiles verify and go on from what this node remembers.

        :raises AuditError: when they do not.
        """
        # Asked before the snapshot is taken: the other way round a commit in between would look
        # like a log that was set back.
        reached = self._ledger.reached
        with self._proofs() as proofs:
            proofs.require_sound(reached)

    def require_writable(self) -> None:
        """Return only if nothing is known that keeps this node from writing; nothing is tried.

        :raises Unavailable: saying what.
        """
        if self.writer.refused is not None:
            raise _as_unavailable(self.writer.refused)
        if self._database.dialect is Dialect.SQLITE and self.endings.spool.disk_left() < LEAST_LEFT:
            raise StorageFull
        if not self.endings.is_logged():
            raise LogUnwritable("Endings wait to be written into the audit log.")
        try:
            self.require_sound_log()
        except AuditError as error:
            raise LogUnwritable(internal=f"{error.code}: {error.detail}") from error
        self._require_entries()

    def try_to_write(self) -> None:
        """Write something of no consequence, and an entry that is taken back.

        :raises Unavailable: when that cannot be done, saying why.
        """
        self.run(_leave_a_mark)
        try:
            with self._database.writing() as transaction:
                batch = self._ledger.open(transaction)
                batch.unit().record(Event(type=EventType.AUDIT_EXPORTED, actor=SYSTEM))
                batch.seal()
                raise _TakenBackError
        except _TakenBackError:
            return

    def _require_entries(self) -> None:
        with self._database.reading() as connection:
            signed, held = (
                DatabaseLog(connection).size(),
                read_from(connection, self._ledger.vault).entries.size(),
            )
        if signed != held:
            raise LogUnwritable(internal=f"the log has {held} entries, and {signed} are signed")

    def rotate_log_key(self, *, actor: Party = SYSTEM, overlap: timedelta = OVERLAP) -> Verifier:
        """Announce a new key of the log, which signs from the end of ``overlap`` on."""
        return self.run(
            lambda unit: rotate_log_key(unit, origin=self.origin, overlap=overlap, actor=actor)
        )

    def close(self) -> None:
        """Finish what was submitted, remember the checkpoint, and close the database."""
        self.endings.replays.stop()
        # Before the database: what was submitted still needs it.
        self.writer.close()
        self.endings.spool.close()
        self._ledger.save()
        self._database.close()

    @contextmanager
    def _proofs(self) -> Iterator[LogProofs]:
        with self._database.reading() as connection:
            yield LogProofs(connection, self._keyring)


class _TakenBackError(UnderstudyError):
    """It could be written, and shall not have been."""


def _leave_a_mark(unit: Unit) -> None:
    unit.meta.put(_MARK, unit.now.isoformat())


def _as_unavailable(error: Exception) -> Unavailable:
    return error if isinstance(error, Unavailable) else Unavailable(internal=repr(error))
