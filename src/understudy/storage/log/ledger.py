"""How the writer's transactions become entries of the log, and what is remembered of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from understudy.audit.entries.log import append
from understudy.audit.tlog.checkpoint import Checkpoint, LastCheckpoint
from understudy.audit.tlog.note import Verifier
from understudy.core.ports import KeyUse, PolicyJudge
from understudy.errors import AuditError, KeyMismatch, LogUnwritable, SetupError
from understudy.flows.clock_doubt import note_start
from understudy.storage.clock import SteadyClock
from understudy.storage.data_directory import HighWater
from understudy.storage.database.connection import Transaction
from understudy.storage.endings.in_force import NO_ENDINGS, EndingsInForce
from understudy.storage.log.log_storage import AppendableLog, DatabaseLog
from understudy.storage.log.pending import PendingEntries
from understudy.storage.log.signing import LogKeyring, LogKeys
from understudy.storage.tables.commit_marks import CommitMarks
from understudy.storage.tables.entries import EntryTable
from understudy.storage.tables.reader import NO_JUDGE
from understudy.storage.tables.unit import Random, StoreUnit
from understudy.storage.vault import InstallationVault

SAVE_SECONDS = 1.0
"""The high-water file is written at most this often, and once more when things are quiet."""

_logger = logging.getLogger(__name__)


class StoreLedger:
    """The `Ledger` of one installation, used by the writer's thread alone.

    ``reached`` is the highest checkpoint known to be in the log: every append proves that it goes
    on from there, whatever the database says by then.
    """

    def __init__(
        self,
        *,
        origin: str,
        vault: InstallationVault,
        clock: SteadyClock,
        random: Random,
        timer: Callable[[], float],
        high_water: HighWater,
        endings: EndingsInForce = NO_ENDINGS,
        judge: PolicyJudge = NO_JUDGE,
    ) -> None:
        self.judge = judge
        self.origin = origin
        self.endings = endings
        self.vault = vault
        self.clock = clock
        self.random = random
        self.keyring = LogKeyring(vault, origin=origin)
        self.marks = CommitMarks()
        self.reached = high_water.read()
        self.last = LastCheckpoint()
        self.broken: AuditError | None = None
        self.has_begun = False
        self._timer = timer
        self._high_water = high_water
        self._saved_at = timer()
        self._unsaved: bytes | None = None

    def open(self, transaction: Transaction) -> StoreBatch:
        """The batch of a transaction that has just begun."""
        return StoreBatch(self, transaction)

    def advance(self, checkpoint: Checkpoint, note: bytes) -> None:
        """Never go below this checkpoint again; now and then write that down."""
        self.reached = checkpoint
        self._unsaved = note
        if self._timer() - self._saved_at >= SAVE_SECONDS:
            self.save()

    def idle(self) -> None:
        """Use the quiet to write down what has not been written yet."""
        self.save()

    def save(self) -> None:
        """Write the high-water file, if it is behind; the log goes on if that fails."""
        if self._unsaved is None:
            return
        # Also when it fails: a full disk must not be tried for each group.
        self._saved_at = self._timer()
        try:
            self._high_water.advance(self._unsaved)
            self._unsaved = None
        except SetupError as error:
            # The log itself is fine and the mark still stands, only lower: tried again next time.
            _logger.warning(
                "the high-water checkpoint was not written: %s",
                error.detail,
                extra={"action": "save_high_water"},
            )
        except AuditError as error:
            # Another process of this node signed another history. Nothing is added to either.
            _logger.critical(
                "the audit log has forked: %s", error.detail, extra={"action": "find_fork"}
            )
            self.broken = error


class StoreBatch:
    """The events of one transaction, and the transaction as a log."""

    def __init__(self, ledger: StoreLedger, transaction: Transaction) -> None:
        self._checkpoint: Checkpoint | None = None
        self._mark: int | None = None
        self.ledger = ledger
        self._transaction = transaction
        self._log = AppendableLog(transaction)
        # Apart from the batch: a unit that led back to it would go round in a circle, and wait
        # with all that its flows have touched for the collector of garbage.
        self._pending = PendingEntries(
            self._log,
            newest=EntryTable(transaction).newest,
            last=ledger.last,
            random=ledger.random,
        )
        self._first_unit = StoreUnit(
            transaction,
            times=ledger.clock.interval(),
            vault=ledger.vault,
            random=ledger.random,
            append=self._pending.append,
            endings=ledger.endings,
            judge=ledger.judge,
        )
        # Before any flow: what is erased for its age is judged by it.
        if not ledger.has_begun and not ledger.clock.is_vouched_for():
            note_start(self._first_unit)

    @property
    def recorded(self) -> int:
        """How many events there are."""
        return len(self._pending.entries)

    def unit(self) -> StoreUnit:
        """A fresh unit, at this instant."""
        return self._first_unit.at(self.ledger.clock.interval())

    def forget_after(self, count: int) -> None:
        """Drop the events of a flow that failed; the first ``count`` stay."""
        del self._pending.entries[count:]
        self._first_unit.outbox.forget()

    def seal(self) -> None:
        """Append the events to the log, under one signed checkpoint.

        :raises LogUnwritable: when the log, its keys or its history do not verify.
        """
        # A checkpoint of the same size would be signed for nothing.
        if not self._pending.entries:
            if self._transaction.changes:
                self._mark = self.ledger.marks.put(self._transaction, self.ledger.clock())
            return
        try:
            with (
                self._transaction.savepoint()
            ):  # within one, what is written need not be waited for
                self._checkpoint = self._sealed()
        except (AuditError, KeyMismatch) as error:
            reason = error.internal or error.detail
            raise LogUnwritable(internal=f"{error.code}: {reason}") from error

    def held_by(self, transaction: Transaction) -> bool:
        """Whether this was committed, as its last entry shows, or its mark where it has none.

        Where it was not, something else is written: whatever an error of the disk has left of it
        in SQLite's log is not found there after a crash.
        """
        held = self._is_in(transaction)
        if not held:
            self.ledger.marks.put(transaction, self.ledger.clock())
        return held

    def _is_in(self, transaction: Transaction) -> bool:
        if self._mark is not None:
            return self.ledger.marks.is_last(transaction, self._mark)
        if self._log.appended is None:
            return False
        index, leaf = self._log.appended
        # By its bytes: another node may have taken the index meanwhile, with another entry.
        return list(DatabaseLog(transaction).leaves(index, index + 1)) == [leaf]

    def committed(self) -> None:
        """The log never goes below this batch again."""
        self.ledger.has_begun = True
        if self._checkpoint is None:
            return
        # Only now, behind the commit: a mark above what is durable would call an honest restart a
        # fork.
        note = self._log.head()
        if note is not None:
            self.ledger.advance(self._checkpoint, note)

    def _sealed(self) -> Checkpoint:
        ledger = self.ledger
        # Whatever is signed on top of a fork makes it worse: better no writes than two histories.
        if ledger.broken is not None:
            raise ledger.broken
        # Read with each group: another process may have replaced the key meanwhile.
        keys = ledger.keyring.open(self._first_unit.signing_keys.of(KeyUse.LOG))
        now = ledger.clock()
        signer = keys.signer_at(now)
        note = self._log.head()
        return append(
            self._log,
            signer=signer,
            successor=keys.successor_at(now),
            # The last note may be by the key before: the first one after a hand-over opens old and
            # signs new.
            verifier=signer.verifier if note is None else self._verifier_of(note, keys),
            origin=ledger.origin,
            high_water=ledger.reached,
            entries=self._pending.entries,
            last=ledger.last,
        )

    def _verifier_of(self, note: bytes, keys: LogKeys) -> Verifier:
        """The key that ``note`` is to verify under: one of those that are stored now."""
        known = self.ledger.last.recall(note)
        if known is not None and known[0] in keys.verifiers:
            return known[0]
        return keys.verifier_of(note)
