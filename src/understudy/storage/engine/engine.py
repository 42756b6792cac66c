"""The engine: one writer, many readers and the log, over one database and one data directory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Generic, TypeVar, cast

from understudy.audit.entries.findings import Report
from understudy.audit.entries.verify import Progress
from understudy.audit.exports.facts import Source
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.receipt import Receipt
from understudy.core.impersonation.endings import Ending, Proof
from understudy.core.notices.events import SESSION_OVER, SYSTEM, Event, EventType, Party
from understudy.core.ports import Entry, EntryFilter, Flow, Reader, Unit
from understudy.errors import (
    AuditError,
    EndedHereOnly,
    EndedNotSaved,
    LogUnwritable,
    StorageFull,
    Unavailable,
    UnderstudyError,
)
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Database, Dialect, Transaction
from understudy.storage.endings import told
from understudy.storage.endings.spool import FOLDER, Spool
from understudy.storage.engine.follower import Follower, OnEntries, OnHeartbeat
from understudy.storage.engine.installation import Node, open_ledger
from understudy.storage.engine.rehearsal import ID_BYTES, Rehearsed, Stage, rehearse
from understudy.storage.engine.replays import Replays
from understudy.storage.engine.writer import Job, Writer
from understudy.storage.log.exports import ExportKind, LineKind, export_log, line_of
from understudy.storage.log.ledger import StoreLedger
from understudy.storage.log.log_proofs import LogProofs
from understudy.storage.log.log_storage import DatabaseLog
from understudy.storage.log.signing import OVERLAP, LogKeyring, rotate_log_key
from understudy.storage.tables.entries import EntryTable
from understudy.storage.tables.reader import read_from
from understudy.storage.tables.unit import Clock, Random, SteadyClock, StoreUnit
from understudy.storage.vault import InstallationKey, InstallationVault

T = TypeVar("T")

LEAST_LEFT = 1024 * 1024
"""So few bytes left count as a full disk."""
_MARK = "tried_to_write"
ENDING_SECONDS = 1.0
"""How long an ending waits for the writer before it takes effect without it."""


@dataclass(frozen=True, kw_only=True)
class Ended(Generic[T]):
    """What a flow that ends sessions answered; they are over, whether or not it is ``logged``."""

    value: T
    logged: bool


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def open_engine(
    database: Database,
    data_directory: DataDirectory,
    *,
    key: InstallationKey | None = None,
    require_sound_log: bool = True,
    migrate: bool = True,
    clock: Clock = utc_now,
    random: Random = os.urandom,
    timer: Callable[[], float] = time.monotonic,
) -> StoreEngine:
    """The engine of the installation in ``database``, which is set up if it is new.

    The engine takes the database over: it is closed with the engine, and also when this raises.
    ``key`` is given where ``installation.key`` is not used. ``require_sound_log`` is False only
    for those who come to look at a damaged log; appending to one is refused either way. So is
    ``migrate`` for those who can write nothing, and only look and end.

    :raises KeyMismatch: when the database was set up with another key.
    :raises SchemaMismatch: when a newer version has written it.
    :raises AuditError: when its log does not verify, or does not go on from the checkpoint in the
        data directory.
    :raises SetupError: when the data directory cannot be used.
    """
    with ExitStack() as undo:
        # Before migrating: whoever fails to open must not leave connections or a lock behind.
        undo.callback(database.close)
        if migrate:
            database.migrate()
        key = key or data_directory.installation_key(random=random)
        vault = InstallationVault(key, random=random)
        spool = Spool(data_directory.path / FOLDER, vault.keyed_hash, random=os.urandom)
        # Before anything is answered: what another process was told holds here as well.
        spool.look(adopt=False)
        node = Node(
            vault=vault,
            clock=SteadyClock(clock),
            random=random,
            timer=timer,
            high_water=data_directory.high_water(),
            endings=spool.in_force,
        )
        ledger = open_ledger(database, node)
        engine = StoreEngine(database, ledger, Writer(database, ledger, timer=timer), spool)
        if require_sound_log:
            # Before the first request: a broken log found hours later has hours of entries on top.
            engine.require_sound_log()
        undo.pop_all()
    return engine


class StoreEngine:
    """The `Engine` over a database. ``origin`` names the log; ``writer`` counts what it did.

    ``spool`` holds the endings that the log does not hold yet, ``replays`` brings them there.
    """

    def __init__(
        self, database: Database, ledger: StoreLedger, writer: Writer, spool: Spool
    ) -> None:
        self.vault = ledger.vault
        self.origin = ledger.origin
        self.writer = writer
        self.spool = spool
        self.replays = Replays(
            spool,
            lambda flow: writer.submit(flow, first=True).result(),
            done=self._tell_logged,
        )
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

    def end(self, flow: Flow[T], *, proven: Proof) -> Ended[T]:
        """Run a ``flow`` that ends sessions: by the writer, or else without it.

        :raises EndedHereOnly: when they are over, and neither log nor disk could take that.
        """
        at = self.now()
        try:
            value = self._run_within_a_second(as_of(flow, at))
        except (Unavailable, TimeoutError):
            return self.end_without_log(flow, at=at, proven=proven)
        return Ended(value=value, logged=self.is_logged())

    def _run_within_a_second(self, flow: Flow[T]) -> T:
        future = self.writer.submit(flow, first=True)
        try:
            return future.result(ENDING_SECONDS)
        except TimeoutError:
            # Withdrawn, if its turn has not come; otherwise both ways leave the same row.
            future.cancel()
            raise

    def end_without_log(self, flow: Flow[T], *, at: datetime, proven: Proof) -> Ended[T]:
        """Have what ``flow`` would have ended be over, and written as of ``at`` later on.

        :raises EndedHereOnly: when the disk could not take it either.
        :raises Unavailable: when it cannot be found out what that is.
        """
        rehearsed = self.rehearse(flow, at=at, proven=proven)
        self.keep(rehearsed.endings)
        return Ended(value=rehearsed.value, logged=self.is_logged())

    def run_ending(self, flow: Flow[T], *, proven: Proof) -> T:
        """``run`` for a change that may end sessions, which they do whatever becomes of it.

        :raises EndedNotSaved: when it was not written, and sessions that it ends are over.
        """
        at = self.now()
        try:
            return self.run(as_of(flow, at))
        except Unavailable as error:
            raise self.after_failure(flow, error, at=at, proven=proven) from error

    def after_failure(
        self, flow: Flow[T], error: Unavailable, *, at: datetime, proven: Proof
    ) -> Unavailable:
        """What to say of a ``flow`` that was not written; what it ends is over all the same."""
        try:
            ended = self.end_fallen(flow, at=at, proven=proven)
        except EndedHereOnly as here_only:
            return here_only
        except UnderstudyError:
            # It would have been refused, or nothing can be read either.
            return error
        return EndedNotSaved(internal=error.internal or error.code) if ended else error

    def end_fallen(self, flow: Flow[T], *, at: datetime, proven: Proof) -> bool:
        """Have over what ``flow`` would end; whether that is anything.

        :raises EndedHereOnly: when it is over, and the disk could not take it.
        """
        return self.keep(self.rehearse(flow, at=at, proven=proven).endings)

    def keep(self, endings: Sequence[Ending]) -> bool:
        """Obey ``endings`` until the log holds them; False when there are none.

        :raises EndedHereOnly: when they are obeyed, and could not be kept on the disk.
        """
        kept = self.spool.keep(endings)
        self.tell(endings)
        self.replays.wake()
        if not kept:
            raise EndedHereOnly
        return bool(endings)

    def tell(self, endings: Iterable[Ending]) -> None:
        """Have other nodes obey ``endings``, as far as the database carries that now."""
        with suppress(Unavailable):
            for ending in endings:
                self._database.tell(told.obey(ending, self.vault.keyed_hash))

    def hear(self, text: str) -> None:
        """Obey what another node has told; what none of ours told is nothing."""
        found = told.heard(text, self.vault.keyed_hash)
        if isinstance(found, Ending):
            self.spool.obey([found])
        elif found is not None:
            self.spool.forget_told(found.id)

    def _tell_logged(self, ending: Ending) -> None:
        with suppress(Unavailable):
            self._database.tell(told.logged(ending, self.vault.keyed_hash))

    def new_ending_id(self) -> str:
        """128 random bits, as text."""
        return os.urandom(ID_BYTES).hex()

    def rehearse(self, flow: Flow[T], *, at: datetime, proven: Proof) -> Rehearsed[T]:
        """What ``flow`` would do; nothing is written."""
        stage = Stage(
            at=at,
            proven=proven,
            vault=self.vault,
            random=os.urandom,
            endings=self.spool.in_force,
        )
        with self._database.reading() as connection:
            return rehearse(flow, connection, stage)

    def is_logged(self) -> bool:
        """Whether the log holds every ending that this process obeys."""
        return not self.spool.in_force

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A snapshot to read from."""
        with self._database.reading() as connection:
            yield read_from(connection, self.spool.in_force)

    @contextmanager
    def reading_log(self) -> Iterator[DatabaseLog]:
        """The log on one snapshot: tiles and entries, as they are stored."""
        with self._database.reading() as connection:
            yield DatabaseLog(connection)

    def stream_entries(self, where: EntryFilter) -> Iterator[Entry]:
        """Every matching entry, oldest first, in constant memory and on one snapshot."""
        with self._database.reading() as connection:
            yield from EntryTable(cast(Transaction, connection)).stream(where)

    def follower(
        self,
        on_entries: OnEntries,
        on_heartbeat: OnHeartbeat,
        *,
        types: frozenset[EventType] = SESSION_OVER,
    ) -> Follower:
        """Somebody who hands over new entries, whichever process wrote them; to be started."""
        return Follower(self._database, on_entries, on_heartbeat, types=types, hear=self.hear)

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
        """The log as bytes, on one snapshot; an NDJSON export verifies offline.

        :raises AuditError: when the log does not verify.
        """
        if kind in (ExportKind.OCSF, ExportKind.ECS, ExportKind.CEF):
            yield from self._lines(LineKind(kind), where)
            return
        with self._proofs() as proofs:
            yield from export_log(proofs, kind, where)

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
        if self._database.dialect is Dialect.SQLITE and self.spool.disk_left() < LEAST_LEFT:
            raise StorageFull
        if not self.is_logged():
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
            signed, held = DatabaseLog(connection).size(), read_from(connection).entries.size()
        if signed != held:
            raise LogUnwritable(internal=f"the log has {held} entries, and {signed} are signed")

    def rotate_log_key(self, *, actor: Party = SYSTEM, overlap: timedelta = OVERLAP) -> Verifier:
        """Announce a new key of the log, which signs from the end of ``overlap`` on."""
        return self.run(
            lambda unit: rotate_log_key(unit, origin=self.origin, overlap=overlap, actor=actor)
        )

    def close(self) -> None:
        """Finish what was submitted, remember the checkpoint, and close the database."""
        self.replays.stop()
        # Before the database: what was submitted still needs it.
        self.writer.close()
        self.spool.close()
        self._ledger.save()
        self._database.close()

    @contextmanager
    def _proofs(self) -> Iterator[LogProofs]:
        with self._database.reading() as connection:
            yield LogProofs(connection, self._keyring)


class _TakenBackError(Exception):
    """It could be written, and shall not have been."""


def _leave_a_mark(unit: Unit) -> None:
    unit.meta.put(_MARK, unit.now.isoformat())


def _as_unavailable(error: Exception) -> Unavailable:
    return error if isinstance(error, Unavailable) else Unavailable(internal=repr(error))


def as_of(flow: Flow[T], moment: datetime) -> Flow[T]:
    """``flow`` judged as of the ``moment`` at which it was asked for, however long it waits."""

    def judged(unit: Unit) -> T:
        return flow(cast(StoreUnit, unit).as_of(moment))

    return judged
