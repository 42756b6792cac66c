"""What a leaf of the log says, and how it commits to payloads that can be erased later.

Payloads are canonical JSON (RFC 8785) over strings, integers, booleans, null, lists and objects.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Self

from understudy.audit.tlog.tile import MAX_ENTRY_BYTES
from understudy.errors import AuditError

Json = str | int | bool | Sequence["Json"] | Mapping[str, "Json"] | None
"""Values with one canonical form; floats are left out, as few agree on how to print them."""

SALT_BYTES = 32
"""Enough that nobody can guess a payload from its commitment once the salt is erased."""

MAX_INTEGER = (1 << 53) - 1
"""Beyond it JSON readers disagree (RFC 7493, section 2.2)."""

MAX_TIME_MS = 253_402_300_799_999
"""The last millisecond of the year 9999, after which no date has a common form."""

MAX_DEPTH = 16
"""Deeper nesting than any payload has; keeps hostile input off the call stack."""

_TYPE = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}")

# NOTE: this is the frozen form of version 1. Members are sorted as RFC 8785 wants them; a new
# version may add some, none of these can change or go.
_LEAF = re.compile(
    rb'\{"core":"([0-9a-f]{64})","personal":"([0-9a-f]{64})","t":(0|[1-9][0-9]{0,15}),'
    rb'"type":"([a-z_]{1,40}\.[a-z_]{1,40})","v":1\}'
)


_read_json = json.JSONDecoder().raw_decode


class Part(StrEnum):
    """The two halves of an entry, committed to and erased apart."""

    CORE = "core"
    PERSONAL = "personal"


# NOTE: frozen with version 1. A salt has one length, so that no byte can change sides.
_COMMITMENT_PREFIXES = {part: f"understudy/audit/v1\n{part}\n".encode() for part in Part}


def commitment_to(payload: bytes, salt: bytes, part: Part) -> bytes:
    """What a leaf holds in place of canonical JSON: SHA-256 over its part, random salt and text.

    :raises AuditError: for a payload that is too long, or a salt that is not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise AuditError(f"a salt has {SALT_BYTES} bytes")
    if len(payload) > MAX_ENTRY_BYTES:
        raise AuditError(f"a payload has at most {MAX_ENTRY_BYTES} bytes")
    return hashlib.sha256(_COMMITMENT_PREFIXES[part] + salt + payload).digest()


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """Time (milliseconds since 1970), type, and the commitments to both payloads."""

    time_ms: int
    type: str
    core: bytes
    personal: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.time_ms <= MAX_TIME_MS or _TYPE.fullmatch(self.type) is None:
            raise AuditError("a leaf has a time since 1970 and a type like session.started")

    def to_bytes(self) -> bytes:
        """The entry as hashed and served; this is its canonical JSON."""
        return (
            f'{{"core":"{self.core.hex()}","personal":"{self.personal.hex()}",'
            f'"t":{self.time_ms},"type":"{self.type}","v":1}}'
        ).encode()

    @classmethod
    def from_bytes(cls, entry: bytes) -> Self:
        """The leaf that prints as exactly these bytes.

        :raises AuditError: for any other bytes.
        """
        found = _LEAF.fullmatch(entry)
        if found is None:
            raise AuditError("this is not a leaf of version 1")
        return cls(
            time_ms=int(found[3]),
            type=found[4].decode(),
            core=bytes.fromhex(found[1].decode()),
            personal=bytes.fromhex(found[2].decode()),
        )


def canonical_json(value: Json) -> bytes:
    """The one spelling of a value (RFC 8785).

    :raises AuditError: for what has none here: floats, integers beyond 2^53, lone surrogates.
    """
    try:
        if isinstance(value, dict):
            return _render_object(value, MAX_DEPTH - 1).encode()
        return _render(value, MAX_DEPTH).encode()
    except UnicodeEncodeError:
        raise AuditError("a lone surrogate has no canonical JSON") from None


def parse_canonical(data: bytes) -> Json:
    """The value whose canonical JSON is exactly these bytes.

    :raises AuditError: for any other bytes, which covers duplicate names and loose spelling.
    """
    try:
        # What stands behind the value is refused below, with every other spelling.
        value: Json = _read_json(data.decode())[0]
    except (ValueError, RecursionError):
        raise AuditError("this is not JSON") from None
    if canonical_json(value) != data:
        raise AuditError("this is not canonical JSON")
    return value


def parse_payload(data: bytes) -> Mapping[str, Json]:
    """The object whose canonical JSON is exactly these bytes.

    :raises AuditError: for any other bytes.
    """
    value = parse_canonical(data)
    if not isinstance(value, dict):
        raise AuditError("a payload is a JSON object")
    return value


def _render(value: Json, depth: int) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _render_integer(value)
    if depth == 0:
        raise AuditError(f"JSON is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        return _render_object(value, depth - 1)
    if isinstance(value, list | tuple):
        return f"[{','.join([_render(item, depth - 1) for item in value])}]"
    raise AuditError(f"{type(value).__name__} has no canonical JSON here")


def _render_integer(value: int) -> str:
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise AuditError("an integer beyond 2^53 has no canonical JSON")
    return int.__repr__(value)


def _render_object(value: Mapping[str, Json], depth: int) -> str:
    members = [
        # Most members are strings or numbers; rendering them here halves the time of an append.
        label + encode_basestring(item)
        if isinstance(item := value[name], str)
        else f"{label}{item}"
        if type(item) is int and -MAX_INTEGER <= item <= MAX_INTEGER
        else label + _render(item, depth)
        for name, label in _labels(tuple(value))
    ]
    return f"{{{','.join(members)}}}"


@lru_cache(maxsize=256)
def _labels(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The names of an object in the order of RFC 8785, each with its beginning of a member."""
    if not all(isinstance(name, str) for name in names):
        raise AuditError("the names in a JSON object are strings")
    # UTF-16 puts U+E000 to U+FFFF behind all that lies beyond them; code points do not.
    ordered = sorted(names, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return [(name, f"{encode_basestring(name)}:") for name in ordered]
