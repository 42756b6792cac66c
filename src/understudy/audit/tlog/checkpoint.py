"""Checkpoints: the size and root of the log, signed (C2SP tlog-checkpoint)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from understudy.audit.tlog import base64text
from understudy.audit.tlog.merkle import EMPTY_ROOT, HASH_SIZE
from understudy.audit.tlog.note import Note, Signer, Verifier
from understudy.errors import LogForked, MalformedNote

MAX_SIZE = (1 << 63) - 1
"""What a database integer holds, and every other implementation too."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The log named ``origin`` had ``size`` entries below ``root``.

    ``extensions`` are lines that somebody's log adds: signed with the rest, and kept as they are,
    while nothing here goes by them. Ours writes none.

    The type says nothing about a signature: `open_checkpoint` gives verified ones,
    `unverified_checkpoint` the others.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or _CONTROL.search(self.origin):
            raise MalformedNote("the origin of a checkpoint is one line of text")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise MalformedNote("a checkpoint has a size and a root of 32 bytes")
        if not all(self.extensions) or any(map(_CONTROL.search, self.extensions)):
            raise MalformedNote("an extension of a checkpoint is one line of text, and not empty")

    def to_text(self) -> str:
        """The text that is signed: three lines, and one for each extension."""
        lines = (self.origin, str(self.size), base64text.encode(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The checkpoint that prints as exactly this text.

        :raises MalformedNote: for any other text.
        """
        lines = text.split("\n")
        if len(lines) < len(("origin", "size", "root", "")) or lines[-1]:
            raise MalformedNote("a checkpoint begins with the three lines origin, size and root")
        origin, size, root, *extensions, _ = lines
        return cls(
            origin=origin,
            size=parse_decimal(size),
            root=base64text.decode(root, error=MalformedNote),
            extensions=tuple(extensions),
        )


def empty_checkpoint(origin: str) -> Checkpoint:
    """The state of a log before its first entry."""
    return Checkpoint(origin=origin, size=0, root=EMPTY_ROOT)


def sign_checkpoint(
    checkpoint: Checkpoint, signer: Signer, *, successor: Signer | None = None
) -> bytes:
    """The checkpoint as a note signed by the log, and by the key that is announced if there is one.

    So whoever has learned the next key verifies with it already, and nobody need do so in haste.
    """
    note = signer.sign(checkpoint.to_text())
    return note if successor is None else successor.cosign(note)


def open_checkpoint(note: bytes, *, verifier: Verifier, origin: str) -> Checkpoint:
    """The checkpoint in a note, its signature and origin verified.

    :raises MalformedNote: when it is not a checkpoint.
    :raises SignatureInvalid: when this key did not sign it.
    :raises LogForked: when the key signed it for another log.
    """
    return require_origin(Checkpoint.from_text(verifier.open(note)), origin)


def require_origin(checkpoint: Checkpoint, origin: str) -> Checkpoint:
    """The checkpoint itself, if it is one of the log named ``origin``.

    :raises LogForked: when it is of another log.
    """
    if checkpoint.origin != origin:
        raise LogForked("the checkpoint is of another log")
    return checkpoint


class LastCheckpoint:
    """The checkpoint that its owner verified or signed last: an append meets its own note again.

    The very bytes verify the same way under the very key, and all others are verified. What this
    gives up: a signature that our own key has made is not checked before it is built upon.
    """

    def __init__(self) -> None:
        self._known: tuple[bytes, Verifier, Checkpoint] | None = None

    def open(self, note: bytes, *, verifier: Verifier, origin: str) -> Checkpoint:
        """What `open_checkpoint` answers, and raises."""
        if self._known is not None and self._known[:2] == (note, verifier):
            return require_origin(self._known[2], origin)
        checkpoint = open_checkpoint(note, verifier=verifier, origin=origin)
        self._known = (note, verifier, checkpoint)
        return checkpoint

    def recall(self, note: bytes) -> tuple[Verifier, Checkpoint] | None:
        """The key under which these very bytes verify, and what they say; None of all others."""
        known = self._known
        return known[1:] if known is not None and known[0] == note else None

    def sign(
        self, checkpoint: Checkpoint, signer: Signer, *, successor: Signer | None = None
    ) -> bytes:
        """What `sign_checkpoint` answers."""
        note = sign_checkpoint(checkpoint, signer, successor=successor)
        self._known = (note, signer.verifier, checkpoint)
        return note


def unverified_checkpoint(note: bytes) -> Checkpoint:
    """What a note says, its signature not looked at: enough to know how far others are.

    :raises MalformedNote: when it is not a checkpoint.
    """
    return Checkpoint.from_text(Note.from_bytes(note).text)


def parse_decimal(text: str) -> int:
    """A number with one spelling: ASCII digits, no sign, no leading zeros, below 2^63.

    :raises MalformedNote: for any other text.
    """
    if _DECIMAL.fullmatch(text) is None or int(text) > MAX_SIZE:
        raise MalformedNote("this is not a decimal number without leading zeros")
    return int(text)
