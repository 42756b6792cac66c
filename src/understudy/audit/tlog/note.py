"""Signed notes: text with Ed25519 signatures below it (C2SP signed-note)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from understudy.audit.tlog import base64text
from understudy.errors import MalformedNote, SignatureInvalid

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
"""The bounds of the Go implementation; nothing that we write comes near them."""

_SIGNATURE_START = "\N{EM DASH} "
_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_SEED_BYTES = 32

# Patterns, as every append reads and writes a handful of notes.
_NOT_IN_A_NAME = re.compile(r"[+\s\x00-\x1f]")
_NOT_IN_A_NOTE = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One signature line. ``key_id`` is an unauthenticated hint at the key."""

    name: str
    key_id: bytes
    signature: bytes

    def to_text(self) -> str:
        """The line without its newline."""
        return f"{_SIGNATURE_START}{self.name} {base64text.encode(self.key_id + self.signature)}"

    @classmethod
    def from_text(cls, line: str) -> Self:
        """The signature that prints as exactly this line.

        :raises MalformedNote: for any other text.
        """
        name, space, encoded = line.removeprefix(_SIGNATURE_START).partition(" ")
        if not line.startswith(_SIGNATURE_START) or not space:
            raise MalformedNote("a signature line has the form: \N{EM DASH} name base64")
        data = base64text.decode(encoded, error=MalformedNote)
        if len(data) <= _KEY_ID_BYTES:
            raise MalformedNote("a signature line holds no signature")
        return cls(
            name=_require_name(name),
            key_id=data[:_KEY_ID_BYTES],
            signature=data[_KEY_ID_BYTES:],
        )


@dataclass(frozen=True, kw_only=True)
class Note:
    """Text, ending in a newline, and its signatures; nothing about it is verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """The note as it is stored and sent."""
        lines = "".join(f"{signature.to_text()}\n" for signature in self.signatures)
        return f"{self.text}\n{lines}".encode()

    @classmethod
    def from_bytes(cls, note: bytes) -> Self:
        """The note that prints as exactly these bytes.

        :raises MalformedNote: for any other bytes.
        """
        text, blank, signatures = _decode(note).rpartition("\n\n")
        if not blank or not signatures.endswith("\n"):
            raise MalformedNote("a note is text, an empty line and signature lines")
        lines = signatures.removesuffix("\n").split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise MalformedNote(f"a note has at most {MAX_SIGNATURES} signatures")
        return cls(
            text=f"{text}\n",
            signatures=tuple(Signature.from_text(line) for line in lines),
        )


@dataclass(frozen=True, kw_only=True)
class Verifier:
    """A name and the Ed25519 public key that signs under it."""

    name: str
    public_key: bytes
    key_id: bytes = field(init=False, compare=False)
    _key: Ed25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public_key)
        except ValueError:
            raise MalformedNote("this is not an Ed25519 public key") from None
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "key_id", _key_id(_require_name(self.name), self.public_key))

    def to_text(self) -> str:
        """The key as others copy it, a *vkey*: ``name+key id in hex+base64 of type and key``."""
        return f"{self.name}+{self.key_id.hex()}+{base64text.encode(_ED25519 + self.public_key)}"

    @classmethod
    def from_text(cls, vkey: str) -> Self:
        """The verifier that prints as exactly this vkey.

        :raises MalformedNote: for any other text, or a key that is not Ed25519.
        """
        name, _, rest = vkey.partition("+")
        key = base64text.decode(rest.partition("+")[2], error=MalformedNote)
        if not key.startswith(_ED25519):
            raise MalformedNote("this is not an Ed25519 verifier key")
        verifier = cls(name=name, public_key=key[1:])
        if verifier.to_text() != vkey:
            raise MalformedNote("the verifier key does not match its own key id")
        return verifier

    def open(self, note: bytes) -> str:
        """The text of a note that this key has signed.

        Signatures by other keys are ignored, as the specification demands; one under this key
        that does not verify refuses the whole note, whatever else is there.

        :raises MalformedNote: when it is not a note.
        :raises SignatureInvalid: when a signature of this key is missing or wrong.
        """
        parsed = Note.from_bytes(note)
        own = [line for line in parsed.signatures if self._claims(line)]
        if not own:
            raise SignatureInvalid("the note is not signed by the given key")
        for line in own:
            try:
                self._key.verify(line.signature, parsed.text.encode())
            except InvalidSignature:
                raise SignatureInvalid from None
        return parsed.text

    def _claims(self, unverified: Signature) -> bool:
        return (unverified.name, unverified.key_id) == (self.name, self.key_id)


def claimed(note: bytes, verifiers: Iterable[Verifier]) -> Verifier | None:
    """The first of the keys that ``note`` claims to be signed with; that is still to verify.

    :raises MalformedNote: when it is not a note.
    """
    claims = {(line.name, line.key_id) for line in Note.from_bytes(note).signatures}
    return next((key for key in verifiers if (key.name, key.key_id) in claims), None)


class Signer:
    """A name and the Ed25519 private key that signs under it; prints neither key nor seed."""

    def __init__(self, *, name: str, seed: bytes) -> None:
        if len(seed) != _SEED_BYTES:
            raise MalformedNote(f"a signing key is a seed of {_SEED_BYTES} bytes")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name=name, public_key=self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """The note of this text, signed.

        :raises MalformedNote: when the text cannot be that of a note.
        """
        note = Note(text=text, signatures=(self._signature(text),)).to_bytes()
        if not text.endswith("\n") or Note.from_bytes(note).text != text:
            raise MalformedNote("the text of a note ends in a newline")
        return note

    def cosign(self, note: bytes) -> bytes:
        """The same note with our signature below those that it has, which are not verified.

        :raises MalformedNote: when it is not a note.
        """
        signed = Note.from_bytes(note)
        own = self._signature(signed.text)
        return Note(text=signed.text, signatures=(*signed.signatures, own)).to_bytes()

    def _signature(self, text: str) -> Signature:
        return Signature(
            name=self.verifier.name,
            key_id=self.verifier.key_id,
            signature=self._key.sign(text.encode()),
        )


def _key_id(name: str, public_key: bytes) -> bytes:
    named = f"{name}\n".encode() + _ED25519 + public_key
    return hashlib.sha256(named).digest()[:_KEY_ID_BYTES]


def _require_name(name: str) -> str:
    if not name or _NOT_IN_A_NAME.search(name):
        raise MalformedNote("a key name has no space, no plus sign and at least one character")
    return name


def _decode(note: bytes) -> str:
    if len(note) > MAX_NOTE_BYTES:
        raise MalformedNote(f"a note has at most {MAX_NOTE_BYTES} bytes")
    try:
        text = note.decode()
    except UnicodeDecodeError:
        raise MalformedNote("a note is UTF-8 text") from None
    if _NOT_IN_A_NOTE.search(text):
        raise MalformedNote("a note holds no control characters but newlines")
    return text
