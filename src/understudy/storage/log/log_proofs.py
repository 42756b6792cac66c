"""What the log shows of itself on one snapshot: its checkpoint, receipts, whether it is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from understudy.audit.entries.findings import Report
from understudy.audit.entries.high_water import require_not_below
from understudy.audit.entries.verify import Progress, verify_log
from understudy.audit.tlog.checkpoint import Checkpoint, open_checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.proof import ConsistencyProof, InclusionProof
from understudy.audit.tlog.receipt import Receipt
from understudy.audit.tlog.tile import TileTree
from understudy.core.ports import KeyUse
from understudy.errors import AuditError, LogForked, NotFound, ProofInvalid, SignatureInvalid
from understudy.storage.database.connection import Connection, Transaction
from understudy.storage.log.log_storage import DatabaseLog
from understudy.storage.log.signing import LogKeyring, LogKeys
from understudy.storage.tables.keys import SigningKeyTable


@dataclass(frozen=True, kw_only=True)
class SignedHead:
    """The signed state of the log: the note, the key that signed it, and what it says."""

    note: bytes
    verifier: Verifier
    checkpoint: Checkpoint


class LogProofs:
    """The log on one snapshot, with the keys that sign it.

    :raises KeyMismatch: when one of the keys was not made by this installation.
    """

    def __init__(self, connection: Connection, keyring: LogKeyring) -> None:
        self.log = DatabaseLog(connection)
        stored = SigningKeyTable(cast(Transaction, connection))  # it is only read from
        self.keys: LogKeys = keyring.open(stored.of(KeyUse.LOG))
        self._origin = keyring.origin

    def note(self) -> bytes:
        """The signed state of the log as it is stored.

        :raises AuditError: when there is none.
        """
        note = self.log.head()
        if note is None:
            raise LogForked("the log has lost its checkpoint")
        return note

    def checkpoint(self) -> Checkpoint:
        """What `note` says, its signature and origin verified.

        :raises AuditError: when they do not verify.
        """
        return self.head().checkpoint

    def head(self) -> SignedHead:
        """What `checkpoint` says, and how it is signed.

        :raises AuditError: when it does not verify.
        """
        note = self.note()
        verifier = self.keys.verifier_of(note)
        checkpoint = open_checkpoint(note, verifier=verifier, origin=self._origin)
        return SignedHead(note=note, verifier=verifier, checkpoint=checkpoint)

    def receipt(self, index: int) -> Receipt:
        """The proof of one entry under the stored checkpoint.

        :raises NotFound: when there is no such entry.
        :raises AuditError: when checkpoint or tiles do not verify.
        """
        size = self.checkpoint().size
        # By the signed size: what lies beyond has no proof yet.
        if not 0 <= index < size:
            raise NotFound
        hashes = TileTree(reader=self.log, size=size).inclusion_proof(index)
        return Receipt(proof=InclusionProof(index=index, hashes=hashes), checkpoint=self.note())

    def require_sound(self, high_water: Checkpoint | None) -> None:
        """Return only if checkpoint and tiles verify, and the log goes on from ``high_water``.

        Cheap, whatever the size of the log: entries are not looked at (see `verify`).

        :raises AuditError: when they do not.
        :raises LogForked: when the log is another one, was set back or was rewritten.
        """
        head = self.checkpoint()
        tree = TileTree(reader=self.log, size=head.size)
        # The signature first, then what it stands for: a tree that fits no signature proves
        # nothing.
        if tree.root() != head.root:
            raise AuditError("the stored tiles do not lead to the signed checkpoint")
        if high_water is None:
            return
        require_not_below(head, high_water)
        size = high_water.size
        try:
            proof = ConsistencyProof(old_size=size, hashes=tree.consistency_proof(size))
            proof.verify(high_water, head)
        except ProofInvalid as error:
            raise LogForked(f"the log has another history than was signed at {size}") from error

    def verify(self, older: Sequence[Checkpoint], progress: Progress | None) -> Report:
        """Recompute the whole log from its entries; what is wrong becomes a finding."""
        return verify_log(
            self.log,
            verifier=self._verifier(),
            origin=self._origin,
            older=older,
            progress=progress,
        )

    def _verifier(self) -> Verifier:
        try:
            return self.keys.verifier_of(self.note())
        except (AuditError, SignatureInvalid):
            # Whichever key is named then, the report will say that the head is not signed by it.
            return self.keys.verifiers[-1]
