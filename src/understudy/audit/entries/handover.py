"""How one key of the log follows another, told so that it proves itself.

The old key signs a note that names the new one; the note lies in the entry that announces it. With
a key that was noted years ago, an export of the log shows by itself which keys came after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from understudy.audit.entries.leaf import Json
from understudy.audit.tlog import base64text
from understudy.audit.tlog.note import Note, Signature, Signer, Verifier
from understudy.errors import AuditError, SignatureInvalid


@dataclass(frozen=True, kw_only=True)
class Handover:
    """``old`` says that ``new`` signs the log from a time on (milliseconds since 1970).

    Nothing about it is verified yet; ``old`` and ``new`` have one name, that of the log.
    """

    old: Verifier
    new: Verifier
    signs_from_ms: int
    signature: bytes

    @classmethod
    def sign(cls, old: Signer, *, new: Verifier, signs_from_ms: int) -> Self:
        """The handover, signed."""
        note = Note.from_bytes(old.sign(_text(new, signs_from_ms)))
        return cls(
            old=old.verifier,
            new=new,
            signs_from_ms=signs_from_ms,
            signature=note.signatures[0].signature,
        )

    def to_details(self) -> dict[str, str | int]:
        """What the entry says of it."""
        return {
            "vkey": self.new.to_text(),
            "signs_from_ms": self.signs_from_ms,
            "old_vkey": self.old.to_text(),
            "signature": base64text.encode(self.signature),
        }

    @classmethod
    def from_details(cls, details: Mapping[str, Json]) -> Self:
        """What `to_details` says.

        :raises AuditError: when it does not say that; entries of version 0.1 have no signature.
        """
        values = [details.get(name) for name in ("vkey", "old_vkey", "signature")]
        signs_from_ms = details.get("signs_from_ms")
        if not all(isinstance(value, str) for value in values) or type(signs_from_ms) is not int:
            raise AuditError("this is not a handover from one key of the log to another")
        vkey, old_vkey, signature = map(str, values)
        return cls(
            old=Verifier.from_text(old_vkey),
            new=Verifier.from_text(vkey),
            signs_from_ms=signs_from_ms,
            signature=base64text.decode(signature),
        )

    def is_signed(self) -> bool:
        """Whether the old key has said so, of a key for the same log."""
        signature = Signature(name=self.old.name, key_id=self.old.key_id, signature=self.signature)
        note = Note(text=_text(self.new, self.signs_from_ms), signatures=(signature,))
        try:
            self.old.open(note.to_bytes())
        except SignatureInvalid:
            return False
        return self.old.name == self.new.name


def successors(trusted: Iterable[Verifier], handovers: Sequence[Handover]) -> list[Verifier]:
    """``trusted``, and every key that one of them, or one of those after it, has named.

    ``handovers`` are in the order of the log; one that is not signed leads nowhere.
    """
    found = [*trusted]
    for handover in handovers:
        if handover.old in found and handover.is_signed():
            found.append(handover.new)
    return found


def predecessors(trusted: Iterable[Verifier], handovers: Sequence[Handover]) -> list[Verifier]:
    """``trusted``, and every key from which one of them has taken over.

    Only as good as the log that tells it: ask it of one that verified under a trusted key.
    """
    found = [*trusted]
    for handover in reversed(handovers):
        if handover.new in found and handover.is_signed():
            found.append(handover.old)
    return found


def _text(new: Verifier, signs_from_ms: int) -> str:
    # The second line is no number: nobody can take this for a checkpoint.
    return f"{new.name}\nnext key\n{new.to_text()}\n{signs_from_ms}\n"
