"""Receipts: one entry's proof that verifies offline (C2SP tlog-proof, ``.tlog-proof``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from understudy.audit.tlog import base64text
from understudy.audit.tlog.checkpoint import Checkpoint, open_checkpoint, unverified_checkpoint
from understudy.audit.tlog.note import MAX_NOTE_BYTES, Verifier
from understudy.audit.tlog.proof import InclusionProof
from understudy.errors import AuditError

_FIRST_LINE = "c2sp.org/tlog-proof@v1\n"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """An inclusion proof with the signed checkpoint that it leads to.

    ``unverified_extra`` is covered by no signature: it may carry the entry for convenience,
    and what it carries must then be verified like bytes from anywhere else.
    """

    proof: InclusionProof
    checkpoint: bytes
    unverified_extra: bytes | None = None

    def verify(self, entry: bytes, *, verifier: Verifier, origin: str) -> Checkpoint:
        """The checkpoint, once signature and proof show that it covers exactly this entry.

        :raises MalformedNote: when the checkpoint is none.
        :raises SignatureInvalid: when this key did not sign the checkpoint.
        :raises LogForked: when the checkpoint is of another log.
        :raises ProofInvalid: when the entry is another one.
        """
        checkpoint = open_checkpoint(self.checkpoint, verifier=verifier, origin=origin)
        self.proof.verify(entry, checkpoint)
        return checkpoint

    def to_bytes(self) -> bytes:
        """The receipt as a file."""
        extra = ""
        if self.unverified_extra is not None:
            extra = f"extra {base64text.encode(self.unverified_extra)}\n"
        return f"{_FIRST_LINE}{extra}{self.proof.to_text()}\n".encode() + self.checkpoint

    @classmethod
    def from_bytes(cls, receipt: bytes) -> Self:
        """The receipt that prints as exactly these bytes; no signature is verified yet.

        :raises AuditError: for any other bytes.
        """
        head, blank, checkpoint = receipt.partition(b"\n\n")
        try:
            text = f"{head.decode('ascii')}\n"
        except UnicodeDecodeError:
            raise AuditError("this is not a receipt") from None
        if not text.startswith(_FIRST_LINE) or not blank or len(receipt) > MAX_NOTE_BYTES:
            raise AuditError("this is not a receipt")
        extra, proof = _split_extra(text.removeprefix(_FIRST_LINE))
        unverified_checkpoint(checkpoint)
        return cls(
            proof=InclusionProof.from_text(proof),
            checkpoint=checkpoint,
            unverified_extra=extra,
        )


def _split_extra(text: str) -> tuple[bytes | None, str]:
    line, _, rest = text.partition("\n")
    if not line.startswith("extra "):
        return None, text
    return base64text.decode(line.removeprefix("extra ")), rest
