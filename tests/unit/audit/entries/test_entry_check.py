from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.audit.memory_log import (
    MemoryLog,
    codes,
    erased,
    log_of,
    salt,
    without_payloads,
)
from understudy.audit.entries.erasure import ErasedPart, Erasure
from understudy.audit.entries.findings import FindingCode
from understudy.audit.entries.leaf import Leaf, Part, canonical_json, commitment_to
from understudy.audit.entries.log import DERIVED_COLUMNS, EntryRow
from understudy.core.notices.events import Event, EventType


@pytest.fixture
def log() -> MemoryLog:
    return log_of(20)


def change(log: MemoryLog, index: int, **columns: Any) -> None:
    log.entries[index] = log.entries[index]._replace(**columns)


@pytest.mark.parametrize("column", DERIVED_COLUMNS)
def test_a_changed_column_is_named(log: MemoryLog, column: str) -> None:
    change(log, 7, **{column: 5 if column == "time_ms" else "forged"})
    report = log.verify()
    assert codes(report) == [(FindingCode.COLUMN_MISMATCH, 7)]
    assert report.findings[0].message == f"not what the entry says: {column}"


@pytest.mark.parametrize("column", DERIVED_COLUMNS[2:])
def test_a_lost_column_is_named(log: MemoryLog, column: str) -> None:
    change(log, 7, **{column: None})
    assert log.found() == [(FindingCode.COLUMN_MISMATCH, 7)]


def test_what_a_node_of_the_first_release_erases_keeps_a_doer_that_proves_nothing(
    log: MemoryLog,
) -> None:
    kept = log.entries[7].doer_ref
    log.erase((7, 7))
    change(log, 7, doer_ref=kept)
    assert log.found() == []


@pytest.mark.parametrize("part", Part)
def test_a_changed_payload_is_named(log: MemoryLog, part: Part) -> None:
    payload = getattr(log.entries[7], f"{part}_json").replace(b"_1", b"_2").replace(b"Bob", b"Eve")
    change(log, 7, **{f"{part}_json": payload})
    report = log.verify()
    assert codes(report) == [(FindingCode.PAYLOAD_MISMATCH, 7)]
    assert report.findings[0].message == f"the {part} payload was changed afterwards"


@pytest.mark.parametrize("part", Part)
def test_a_changed_salt_is_named(log: MemoryLog, part: Part) -> None:
    change(log, 7, **{f"{part}_salt": bytes(32)})
    assert log.found() == [(FindingCode.PAYLOAD_MISMATCH, 7)]


@pytest.mark.parametrize("part", Part)
def test_swapped_payloads_are_named(log: MemoryLog, part: Part) -> None:
    for one, other in ((7, 8), (8, 7)):
        log.entries[one] = (
            log_of(20)
            .entries[one]
            ._replace(
                **{
                    f"{part}_json": getattr(log_of(20).entries[other], f"{part}_json"),
                    f"{part}_salt": salt(part, other),
                }
            )
        )
    assert log.found() == [
        (FindingCode.PAYLOAD_MISMATCH, 7),
        (FindingCode.PAYLOAD_MISMATCH, 8),
    ]


def test_core_and_personal_payload_cannot_change_places(log: MemoryLog) -> None:
    row = log.entries[7]
    change(log, 7, core_json=row.personal_json, core_salt=row.personal_salt)
    assert log.found() == [(FindingCode.PAYLOAD_MISMATCH, 7)]


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("left", ["json", "salt"])
def test_half_of_payload_and_salt_is_an_alarm_even_when_erased(
    log: MemoryLog, part: Part, left: str
) -> None:
    log.erase((7, 7))
    change(log, 7, **{f"{part}_{left}": getattr(log_of(20).entries[7], f"{part}_{left}")})
    found = log.found()
    assert (FindingCode.PAYLOAD_INCOMPLETE, 7) in found
    assert {index for _, index in found} == {7}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [({"personal_salt": b"short"}, "32 bytes"), ({"personal_json": b"x" * 65_536}, "65535 bytes")],
)
def test_an_impossible_payload_is_named(
    log: MemoryLog, columns: dict[str, bytes], reason: str
) -> None:
    change(log, 7, **columns)
    report = log.verify()
    assert codes(report) == [(FindingCode.PAYLOAD_MALFORMED, 7)]
    assert reason in report.findings[0].message


def test_a_leaf_that_is_none_is_named(log: MemoryLog) -> None:
    change(log, 7, leaf=b"scribble")
    assert (FindingCode.LEAF_MALFORMED, 7) in log.found()


class CommittingTo(MemoryLog):
    """A log whose writer commits to core payloads that are not canonical JSON."""

    def __init__(self, core: bytes) -> None:
        super().__init__()
        self.core = core

    def put_entries(self, rows: Any) -> None:
        super().put_entries([forge(row, self.core) for row in rows])


def forge(row: EntryRow, core_json: bytes) -> EntryRow:
    leaf = Leaf.from_bytes(row.leaf)
    forged = replace(leaf, core=commitment_to(core_json, row.core_salt or b"", Part.CORE))
    return row._replace(leaf=forged.to_bytes(), core_json=core_json)


@pytest.mark.parametrize("core", [b'{"a":1,"a":2}', b"[]", b'{"outcome": "ok"}', b"\xff"])
def test_a_payload_that_reads_two_ways_is_named_though_it_was_committed_to(core: bytes) -> None:
    log = CommittingTo(core)
    log.add(Event(type=EventType.SESSION_STARTED))
    assert (FindingCode.PAYLOAD_MALFORMED, 0) in log.found()


def test_logged_erasures_are_no_alarm_and_are_counted(log: MemoryLog) -> None:
    log.erase((0, 4), (9, 9))
    log.erase((10, 12), part=ErasedPart.PERSONAL)
    log.erase((10, 10))
    report = log.verify()
    assert report.findings == ()
    assert (report.erased_core, report.erased_personal, report.entries) == (7, 9, 23)


@pytest.mark.parametrize("part", ErasedPart)
def test_a_payload_gone_without_an_erasure_is_an_alarm(log: MemoryLog, part: ErasedPart) -> None:
    log.entries[7] = without_payloads(log.entries[7], part)
    report = log.verify()
    personal = (FindingCode.PAYLOAD_MISSING, 7)
    assert codes(report) == ([personal, personal] if part is ErasedPart.BOTH else [personal])
    assert report.findings[-1].message == "the personal payload is gone without an erasure"
    assert (report.erased_core, report.erased_personal) == (0, 0)


def test_an_erasure_of_the_personal_part_does_not_excuse_a_missing_core(log: MemoryLog) -> None:
    log.erase((7, 7), part=ErasedPart.PERSONAL)
    log.entries[7] = without_payloads(log.entries[7], ErasedPart.BOTH)
    report = log.verify()
    assert [finding.message for finding in report.findings] == [
        "the core payload is gone without an erasure"
    ]
    assert (report.erased_core, report.erased_personal) == (0, 1)


def test_an_erasure_does_not_excuse_its_neighbours(log: MemoryLog) -> None:
    log.erase((7, 9))
    log.entries[10] = without_payloads(log.entries[10], ErasedPart.PERSONAL)
    assert log.found() == [(FindingCode.PAYLOAD_MISSING, 10)]


def test_columns_that_outlive_their_payload_are_named(log: MemoryLog) -> None:
    log.erase((7, 7))
    change(log, 7, subject_ref="sub_1", outcome="ok")
    report = log.verify()
    assert codes(report) == [(FindingCode.COLUMN_MISMATCH, 7)]
    assert report.findings[0].message == "not what the entry says: subject_ref, outcome"


def test_an_erased_entry_keeps_time_and_type_and_these_are_verified(log: MemoryLog) -> None:
    log.erase((7, 7))
    change(log, 7, type="session.started")
    assert log.found() == [(FindingCode.COLUMN_MISMATCH, 7)]


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"part": "both", "indexes": "3-"},
        {"part": "both", "indexes": "0-20"},
        {"part": "both", "indexes": "20"},
        {"part": "both", "indexes": "9000000000000000000"},
        {"part": "core", "indexes": "3"},
    ],
)
def test_an_erasure_that_excuses_nothing_is_named(log: MemoryLog, details: dict[str, str]) -> None:
    log.add(Event(type=EventType.AUDIT_ERASED, details=details))
    log.entries[3] = without_payloads(log.entries[3], ErasedPart.PERSONAL)
    assert log.found() == [
        (FindingCode.PAYLOAD_MISSING, 3),
        (FindingCode.ERASURE_UNREADABLE, 20),
    ]


def test_the_record_of_an_erasure_cannot_be_erased(log: MemoryLog) -> None:
    log.erase((3, 3))
    log.erase((20, 20))
    found = log.found()
    assert (FindingCode.ERASURE_UNREADABLE, 20) in found
    assert (FindingCode.PAYLOAD_MISSING, 3) in found


def test_the_personal_part_of_an_erasure_can_be_erased(log: MemoryLog) -> None:
    log.erase((3, 3))
    log.erase((20, 20), part=ErasedPart.PERSONAL)
    assert log.verify().ok


def test_a_forged_erasure_excuses_nothing(log: MemoryLog) -> None:
    log.erase((3, 3))
    for index in (3, 4):
        log.entries[index] = without_payloads(log.entries[index], ErasedPart.BOTH)
    wider = erased(Erasure(part=ErasedPart.BOTH, ranges=((3, 4),)))
    change(log, 20, core_json=canonical_json(wider.core_payload()))
    found = log.found()
    assert (FindingCode.PAYLOAD_MISMATCH, 20) in found
    assert (FindingCode.ERASURE_UNREADABLE, 20) in found
    assert (FindingCode.PAYLOAD_MISSING, 4) in found


def test_a_forged_erasure_put_in_behind_the_end_excuses_nothing(log: MemoryLog) -> None:
    log.entries[3] = without_payloads(log.entries[3], ErasedPart.PERSONAL)
    forged = MemoryLog()
    forged.grow(20)
    forged.add(erased(Erasure(part=ErasedPart.PERSONAL, ranges=((3, 3),))))
    log.entries.append(forged.entries[20])
    assert log.found() == [
        (FindingCode.PAYLOAD_MISSING, 3),
        (FindingCode.ENTRY_UNSIGNED, 20),
    ]


def test_roots_and_proofs_outlive_an_erasure() -> None:
    log = log_of(300)
    older = log.add()
    log.erase((0, 299))
    report = log.verify(older)
    assert (report.ok, report.erased_core) == (True, 300)


def test_events_without_anything_optional_verify() -> None:
    log = MemoryLog()
    log.add(*[Event(type=event_type) for event_type in EventType if event_type != "audit.erased"])
    assert log.verify().ok
