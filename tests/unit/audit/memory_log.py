"""A log in memory for the tests of the audit package, and events to put into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from understudy.audit.entries.erasure import ErasedPart, Erasure
from understudy.audit.entries.findings import FindingCode, Report
from understudy.audit.entries.log import EntryRow, PendingEntry, append
from understudy.audit.entries.verify import verify_log
from understudy.audit.tlog.checkpoint import Checkpoint, LastCheckpoint
from understudy.audit.tlog.note import Signer
from understudy.core.ids import GrantId, SessionId
from understudy.core.notices.events import Action, Event, EventType, Party, PartyKind

ORIGIN = "log.example/understudy"
SIGNER = Signer(name=ORIGIN, seed=bytes(range(32)))
VERIFIER = SIGNER.verifier
OTHER_SIGNER = Signer(name=ORIGIN, seed=bytes(32))
TIME_MS = 1_767_225_600_000


@dataclass
class MemoryLog:
    """What a database keeps of the log; tests tamper with its fields."""

    note: bytes | None = None
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    entries: list[EntryRow] = field(default_factory=list)
    writes: int = 0
    last: LastCheckpoint = field(default_factory=LastCheckpoint)

    def head(self) -> bytes | None:
        return self.note

    def put_head(self, note: bytes) -> None:
        self.writes += 1
        self.note = note

    def tile(self, level: int, index: int) -> bytes:
        return self.tiles.get((level, index), b"")

    def tile_places(self) -> Iterator[tuple[int, int]]:
        return iter(self.tiles)

    def put_tile(self, level: int, index: int, hashes: bytes) -> None:
        self.writes += 1
        self.tiles[level, index] = hashes

    def put_entries(self, rows: Sequence[EntryRow]) -> None:
        self.writes += 1
        self.entries.extend(rows)

    def rows(self) -> Iterator[EntryRow]:
        return iter(self.entries)

    def add(self, *events: Event, high_water: Checkpoint | None = None) -> Checkpoint:
        """Append events at the end."""
        first = len(self.entries)
        return append(
            self,
            signer=SIGNER,
            verifier=VERIFIER,
            origin=ORIGIN,
            high_water=high_water,
            entries=[pending(index, event) for index, event in enumerate(events, start=first)],
            last=self.last,
        )

    def grow(self, count: int) -> Checkpoint:
        """Append so many actions at once."""
        first = len(self.entries)
        return self.add(*(action(number) for number in range(first, first + count)))

    def erase(self, *ranges: tuple[int, int], part: ErasedPart = ErasedPart.BOTH) -> None:
        """Delete payloads and log it, as retention does."""
        for first, last in ranges:
            for index in range(first, last + 1):
                self.entries[index] = without_payloads(self.entries[index], part)
        self.add(erased(Erasure(part=part, ranges=ranges)))

    def verify(self, *older: Checkpoint) -> Report:
        return verify_log(self, verifier=VERIFIER, origin=ORIGIN, older=older)

    def found(self, *older: Checkpoint) -> list[tuple[FindingCode, int | None]]:
        """Code and index of each finding."""
        return codes(self.verify(*older))


def codes(report: Report) -> list[tuple[FindingCode, int | None]]:
    return [(finding.code, finding.index) for finding in report.findings]


def log_of(size: int) -> MemoryLog:
    log = MemoryLog()
    log.grow(size)
    return log


def pending(index: int, event: Event, time_ms: int = TIME_MS) -> PendingEntry:
    return PendingEntry(
        index=index,
        time_ms=time_ms + index,
        event=event,
        core_salt=salt("core", index),
        personal_salt=salt("personal", index),
    )


def salt(part: str, index: int) -> bytes:
    return hashlib.sha256(f"{part} {index}".encode()).digest()


def action(number: int) -> Event:
    return Event(
        type=EventType.ACTION_COMPLETED,
        application_id="app_1",
        actor=Party(kind=PartyKind.OPERATOR, ref="opr_1", email="ada@example.com", name="Ada"),
        doer=Party(kind=PartyKind.OPERATOR, ref="opr_2", email="mara@example.com", name="Mara"),
        subject=Party(kind=PartyKind.SUBJECT, ref="sub_1", id="u-7", email="bob@example.org"),
        organization=Party(kind=PartyKind.ORGANIZATION, ref="org_1", id="acme", name="Acme"),
        grant_id=GrantId("grt_1"),
        session_id=SessionId("ses_1"),
        reason="Bob sees no invoices",
        ticket="T-1",
        address="192.0.2.1",
        user_agent="Browser/1.0",
        action=Action(
            id=f"act_{number}",
            method="GET",
            route="/invoices/{id}",
            path=f"/invoices/{number}",
            status=200,
            duration_ms=12,
        ),
    )


def erased(erasure: Erasure) -> Event:
    return Event(type=EventType.AUDIT_ERASED, details=erasure.to_details())


def without_payloads(row: EntryRow, part: ErasedPart) -> EntryRow:
    row = row._replace(personal_json=None, personal_salt=None)
    if part is ErasedPart.PERSONAL:
        return row
    return row._replace(
        core_json=None,
        core_salt=None,
        application_id=None,
        actor_ref=None,
        subject_ref=None,
        organization_ref=None,
        grant_id=None,
        session_id=None,
        outcome=None,
        doer_ref=None,
    )
