"""The export: one file of JSON lines that proves itself, offline and without this installation.

The first line is the header; then comes one line for each entry of the whole log up to the signed
checkpoint. Every line is canonical JSON. All leaves are there, so that the root can be recomputed:
a filter only withholds payloads, and never the core of an ``audit.erased`` entry, which holds no
personal data and tells an erasure from a theft, nor that of ``keys.rotated``, which leads from the
key that somebody noted to the one that signs today.

NOTE: this form is frozen as ``understudy-audit-export/1``. Readers of version 0.1 know
``keys.rotated`` only without its core where a filter is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol, Self

from understudy.audit.entries.findings import FindingCode, Findings, Report
from understudy.audit.entries.handover import Handover
from understudy.audit.entries.leaf import Json, Leaf, canonical_json, parse_payload
from understudy.audit.entries.log import EntryRow, stored_row
from understudy.audit.entries.verify import LogReading, Progress
from understudy.audit.tlog import base64text
from understudy.audit.tlog.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.tile import MAX_ENTRY_BYTES
from understudy.core.notices.events import EventType
from understudy.errors import AuditError

FORMAT = "understudy-audit-export/1"

MAX_LINE_BYTES = 4 * MAX_ENTRY_BYTES
"""Two payloads, a leaf, and room to spare."""

_SHOWN = frozenset({"core", "core_salt", "index", "leaf", "personal", "personal_salt"})
_WITHHELD = frozenset({"index", "leaf", "withheld"})
_WITHHELD_TOLD = _WITHHELD | {"core", "core_salt"}
_ANNOUNCES = EventType.KEYS_ROTATED.value.encode()
_ALWAYS_TOLD = frozenset({EventType.AUDIT_ERASED, EventType.KEYS_ROTATED})
"""Entries of which a filter withholds the personal half alone."""
_HEADER_NAMES = {"checkpoint", "filter", "format", "key", "origin"}


class LineReader(Protocol):
    """A binary file, as far as reading an export needs one."""

    def readline(self, size: int, /) -> bytes:
        """At most ``size`` bytes, up to and with the next newline."""
        ...


@dataclass(frozen=True, kw_only=True)
class ExportFilter:
    """Which entries show their payloads. ``asked`` tells the reader what was asked for."""

    asked: Mapping[str, str | int | bool | None]
    matches: Callable[[EntryRow], bool]


@dataclass(frozen=True, kw_only=True)
class ExportHeader:
    """Which log this is, how far it goes, and what was asked for.

    ``unverified_key`` is what the file says of itself: only a key known from elsewhere proves
    where a file is from.
    """

    origin: str
    unverified_key: str
    checkpoint: str
    filter: Mapping[str, Json] | None

    def to_line(self) -> bytes:
        """The first line of the file."""
        return _line(
            {
                "checkpoint": self.checkpoint,
                "filter": self.filter,
                "format": FORMAT,
                "key": self.unverified_key,
                "origin": self.origin,
            }
        )

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """The header that prints as exactly this line.

        :raises AuditError: for any other line.
        """
        members = _members(line)
        origin, key, checkpoint = (members.get(name) for name in ("origin", "key", "checkpoint"))
        asked = members.get("filter")
        if members.keys() != _HEADER_NAMES or members["format"] != FORMAT:
            raise AuditError(f"this is not the header of an {FORMAT}")
        if not (isinstance(origin, str) and isinstance(key, str) and isinstance(checkpoint, str)):
            raise AuditError("origin, key and checkpoint are texts")
        if not isinstance(asked, dict | None):
            raise AuditError("the filter is an object or null")
        return cls(origin=origin, unverified_key=key, checkpoint=checkpoint, filter=asked)


@dataclass(frozen=True, kw_only=True)
class ExportedEntry:
    """One entry, and whether the filter withholds payloads of it."""

    row: EntryRow
    withheld: bool

    def to_line(self) -> bytes:
        """The entry's line in the file.

        :raises AuditError: when leaf or payload is not what could ever have been appended.
        """
        row = self.row
        members: dict[str, Json] = {
            "index": row.index,
            "leaf": _text(row.leaf),
            "withheld": True,
            **_present("core", row.core_json, row.core_salt),
            **_present("personal", row.personal_json, row.personal_salt),
        }
        allowed = _names_allowed(row.type, withheld=self.withheld)
        return _line({name: members[name] for name in members.keys() & allowed})

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """The entry that prints as exactly this line.

        :raises AuditError: for any other line.
        """
        members = _members(line)
        withheld = "withheld" in members
        index, leaf = members.get("index"), members.get("leaf")
        if type(index) is not int or not 0 <= index <= MAX_SIZE or not isinstance(leaf, str):
            raise AuditError("an entry has an index and a leaf")
        facts, core_json = _payload(members, "core")
        _, personal_json = _payload(members, "personal")
        row = stored_row(
            index,
            Leaf.from_bytes(leaf.encode()),
            facts,
            core_json,
            _salt(members, "core_salt"),
            personal_json,
            _salt(members, "personal_salt"),
        )
        if members.keys() - _names_allowed(row.type, withheld=withheld):
            raise AuditError("an entry holds something that it cannot hold")
        if withheld and members["withheld"] is not True:
            raise AuditError("withheld is true or absent")
        return cls(row=row, withheld=withheld)


def export_lines(
    rows: Iterable[EntryRow],
    *,
    checkpoint: bytes,
    verifier: Verifier,
    origin: str,
    only: ExportFilter | None,
) -> Iterator[bytes]:
    """The export, line by line; ``rows`` is the whole log by rising index.

    :raises AuditError: when the checkpoint does not verify, or an entry cannot be written down.
    """
    head = open_checkpoint(checkpoint, verifier=verifier, origin=origin)
    yield ExportHeader(
        origin=origin,
        unverified_key=verifier.to_text(),
        checkpoint=checkpoint.decode(),
        filter=None if only is None else dict(only.asked),
    ).to_line()
    for row in rows:
        # Appended since the checkpoint was read: it belongs into the next export.
        if row.index >= head.size:
            return
        withheld = only is not None and not only.matches(row)
        try:
            yield ExportedEntry(row=row, withheld=withheld).to_line()
        except AuditError as damaged:
            raise AuditError(f"entry {row.index} cannot be exported: {damaged.detail}") from None


class ExportReader:
    """An export being read once, from start to end. Nothing in it is verified yet.

    :raises AuditError: naming the line, when the bytes are not an export.
    """

    def __init__(self, file: LineReader) -> None:
        self._file = file
        self._number = 0
        line = self._next_line()
        with self._naming_the_line():
            self.header = ExportHeader.from_line(line)

    def entries(self) -> Iterator[ExportedEntry]:
        """Every entry in the file, in its order.

        :raises AuditError: naming the line, when it is not an entry.
        """
        while line := self._next_line():
            with self._naming_the_line():
                entry = ExportedEntry.from_line(line)
            yield entry

    def handovers(self) -> Iterator[Handover]:
        """Every handover from one key of the log to another that the file tells, in its order.

        :raises AuditError: naming the line, when one that announces keys is not an entry.
        """
        while line := self._next_line():
            # Parsed only where it can be one: there are few in a log of millions.
            if _ANNOUNCES not in line:
                continue
            with self._naming_the_line():
                core = parse_payload(ExportedEntry.from_line(line).row.core_json or b"{}")
            details = core.get("details")
            # Announcements of other keys, and those of version 0.1, hold no handover.
            with suppress(AuditError):
                yield Handover.from_details(details if isinstance(details, dict) else {})

    def _next_line(self) -> bytes:
        self._number += 1
        line = self._file.readline(MAX_LINE_BYTES + 1)
        # A file that breaks off must not verify as a shorter one.
        if line and not line.endswith(b"\n"):
            raise AuditError(f"line {self._number}: too long, or cut short")
        return line

    @contextmanager
    def _naming_the_line(self) -> Iterator[None]:
        try:
            yield
        except AuditError as malformed:
            raise AuditError(f"line {self._number}: {malformed.detail}") from None


def verify_export(
    export: ExportReader,
    *,
    verifier: Verifier,
    older: Sequence[Checkpoint],
    progress: Progress | None = None,
) -> Report:
    """Whether an export is whole, signed by ``verifier``, and continues every ``older`` checkpoint.

    :raises AuditError: naming the line, when the bytes are not an export.
    :raises LogForked: when an older checkpoint is of another log.
    """
    findings = Findings()
    origin = export.header.origin
    note = export.header.checkpoint.encode()
    head = None
    try:
        head = open_checkpoint(note, verifier=verifier, origin=origin)
    except AuditError as invalid:
        findings.add(FindingCode.HEAD_INVALID, None, invalid.detail)
    reading = LogReading(
        origin=origin, head=head, tiles=None, older=older, findings=findings, progress=progress
    )
    for entry in export.entries():
        reading.take(entry.row, withheld=entry.withheld)
        # Whoever cuts payloads out could otherwise call it a filter.
        if entry.withheld and export.header.filter is None:
            findings.add(
                FindingCode.WITHHELD_UNASKED, entry.row.index, "withheld although no filter was set"
            )
    return reading.report()


def _names_allowed(entry_type: str, *, withheld: bool) -> frozenset[str]:
    # What is not named here may not stand in a line: a stray member could carry what was erased.
    if not withheld:
        return _SHOWN
    return _WITHHELD_TOLD if entry_type in _ALWAYS_TOLD else _WITHHELD


def _line(members: Mapping[str, Json]) -> bytes:
    return canonical_json(members) + b"\n"


def _members(line: bytes) -> Mapping[str, Json]:
    return parse_payload(line.removesuffix(b"\n"))


def _text(leaf: bytes) -> str:
    Leaf.from_bytes(leaf)
    return leaf.decode()


def _present(part: str, payload: bytes | None, salt: bytes | None) -> dict[str, Json]:
    members: dict[str, Json] = {}
    if payload is not None:
        members[part] = parse_payload(payload)
    if salt is not None:
        members[f"{part}_salt"] = base64text.encode(salt)
    return members


def _payload(
    members: Mapping[str, Json], part: str
) -> tuple[Mapping[str, Json] | None, bytes | None]:
    if part not in members:
        return None, None
    payload = members[part]
    if not isinstance(payload, dict):
        raise AuditError("a payload is a JSON object")
    return payload, canonical_json(payload)


def _salt(members: Mapping[str, Json], name: str) -> bytes | None:
    if name not in members:
        return None
    salt = members[name]
    if not isinstance(salt, str):
        raise AuditError("a salt is base64 text")
    return base64text.decode(salt)
