"""Inclusion and consistency proofs as values and as text.

The text is that of the C2SP formats in which they travel: ``index N`` and hashes as in tlog-proof,
``old N`` and hashes as in the request of tlog-witness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from understudy.audit.tlog import base64text, merkle
from understudy.audit.tlog.checkpoint import Checkpoint, parse_decimal
from understudy.audit.tlog.merkle import HASH_SIZE, MAX_PROOF_HASHES, Proof
from understudy.errors import AuditError, LogForked, ProofInvalid


@dataclass(frozen=True, kw_only=True)
class InclusionProof:
    """Shows that an entry is number ``index`` of a log; ``hashes`` go from leaf to root."""

    index: int
    hashes: Proof

    def verify(self, entry: bytes, checkpoint: Checkpoint) -> None:
        """Return only if these bytes are that entry of the log at this checkpoint.

        :raises ProofInvalid: when they are not.
        """
        merkle.verify_inclusion(
            merkle.leaf_hash(entry), self.index, checkpoint.size, self.hashes, checkpoint.root
        )

    def to_text(self) -> str:
        """One line for the index and one for each hash."""
        return _print("index", self.index, self.hashes)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The proof that prints as exactly this text.

        :raises ProofInvalid: for any other text.
        """
        index, hashes = _parse("index", text)
        return cls(index=index, hashes=hashes)


@dataclass(frozen=True, kw_only=True)
class ConsistencyProof:
    """Shows that a log only grew since it had ``old_size`` entries."""

    old_size: int
    hashes: Proof

    def verify(self, old: Checkpoint, new: Checkpoint) -> None:
        """Return only if the log at ``new`` begins with the log at ``old``.

        :raises ProofInvalid: when the proof does not show that.
        :raises LogForked: when the checkpoints are of two logs.
        """
        if old.origin != new.origin:
            raise LogForked("the checkpoints are of two logs")
        if old.size != self.old_size:
            raise ProofInvalid(f"the proof starts at {self.old_size} entries, not {old.size}")
        merkle.verify_consistency(old.size, new.size, self.hashes, old_root=old.root, root=new.root)

    def to_text(self) -> str:
        """One line for the old size and one for each hash."""
        return _print("old", self.old_size, self.hashes)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The proof that prints as exactly this text.

        :raises ProofInvalid: for any other text.
        """
        old_size, hashes = _parse("old", text)
        return cls(old_size=old_size, hashes=hashes)


def _print(word: str, number: int, hashes: Proof) -> str:
    lines = [f"{word} {number}", *(base64text.encode(one) for one in hashes)]
    return "".join(f"{line}\n" for line in lines)


def _parse(word: str, text: str) -> tuple[int, Proof]:
    first, *rest = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or not first.startswith(f"{word} "):
        raise ProofInvalid(f"a proof begins with a line: {word} number")
    if len(rest) > MAX_PROOF_HASHES:
        raise ProofInvalid(f"a proof has at most {MAX_PROOF_HASHES} hashes")
    try:
        number = parse_decimal(first.removeprefix(f"{word} "))
        hashes = tuple(base64text.decode(line) for line in rest)
    except AuditError as malformed:
        raise ProofInvalid(malformed.detail) from None
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofInvalid("a hash in the proof does not have 32 bytes")
    return number, hashes
