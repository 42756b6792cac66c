from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.audit.memory_log import (
    ORIGIN,
    OTHER_SIGNER,
    SIGNER,
    VERIFIER,
    MemoryLog,
    action,
    codes,
    log_of,
)
from understudy.audit.entries.findings import FindingCode, Report
from understudy.audit.entries.log import EntryRow
from understudy.audit.entries.verify import verify_log
from understudy.audit.tlog.checkpoint import Checkpoint, sign_checkpoint, unverified_checkpoint
from understudy.audit.tlog.merkle import EMPTY_ROOT
from understudy.errors import LogForked

SIZE = 600
UNTOUCHED = log_of(260)


@pytest.fixture
def log() -> MemoryLog:
    """Two full tiles, a begun one, and a level above."""
    return log_of(SIZE)


def head_of(log: MemoryLog) -> Checkpoint:
    return unverified_checkpoint(log.note or b"")


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, SIZE])
def test_an_untouched_log_verifies(size: int) -> None:
    log = log_of(size)
    assert log.verify() == Report(
        origin=ORIGIN,
        head=head_of(log),
        entries=size,
        erased_core=0,
        erased_personal=0,
        withheld=0,
        findings=(),
        more=0,
    )
    assert log.verify().ok


def test_a_log_before_its_first_checkpoint_verifies() -> None:
    report = MemoryLog().verify()
    assert (report.ok, report.head, report.entries) == (True, None, 0)


def test_an_untouched_log_continues_every_older_checkpoint() -> None:
    log, older = MemoryLog(), [log_of(0).add()]
    for step in (1, 254, 1, 1, 255, 88):
        older.append(log.grow(step))
    assert log.verify(*older, *older).ok


def test_progress_is_told_after_every_256_entries(log: MemoryLog) -> None:
    told: list[int] = []
    verify_log(log, verifier=VERIFIER, origin=ORIGIN, older=(), progress=told.append)
    assert told == [256, 512]


def test_a_removed_entry_is_named_and_the_rest_still_verifies(log: MemoryLog) -> None:
    del log.entries[5]
    report = log.verify()
    assert codes(report) == [(FindingCode.ENTRY_MISSING, 5)]
    assert report.findings[0].message == "5 not in the log any more"


def test_a_removed_stretch_is_named_by_its_first_and_last(log: MemoryLog) -> None:
    del log.entries[250:520]
    report = log.verify()
    assert codes(report) == [(FindingCode.ENTRY_MISSING, 250)]
    assert report.findings[0].message == "250 to 519 not in the log any more"


def test_removed_last_entries_are_named(log: MemoryLog) -> None:
    del log.entries[598:]
    assert log.found() == [(FindingCode.ENTRY_MISSING, 598)]


def test_entries_removed_with_their_tile_leave_the_root_unknown(log: MemoryLog) -> None:
    del log.entries[300:302]
    del log.tiles[0, 1]
    assert log.found() == [
        (FindingCode.ROOT_UNKNOWN, None),
        (FindingCode.ENTRY_MISSING, 300),
    ]


def test_after_an_unfillable_gap_entries_are_still_looked_at(log: MemoryLog) -> None:
    del log.entries[300]
    del log.tiles[0, 1]
    log.entries[400] = log.entries[400]._replace(outcome="denied")
    assert (FindingCode.COLUMN_MISMATCH, 401) in log.found()


def test_a_removed_and_renumbered_entry_is_noticed(log: MemoryLog) -> None:
    del log.entries[5]
    log.entries = [row._replace(index=index) for index, row in enumerate(log.entries)]
    found = log.found()
    assert (FindingCode.LEAF_MISMATCH, 5) in found
    assert (FindingCode.ENTRY_MISSING, 599) in found
    assert (FindingCode.ROOT_MISMATCH, None) in found
    assert (FindingCode.LEAF_MISMATCH, 4) not in found


def test_two_swapped_entries_are_named(log: MemoryLog) -> None:
    fifth, sixth = log.entries[5:7]
    log.entries[5:7] = [sixth._replace(index=5), fifth._replace(index=6)]
    found = log.found()
    assert found[0] == (FindingCode.ROOT_MISMATCH, None)
    assert [one for one in found if one[0] is FindingCode.LEAF_MISMATCH] == [
        (FindingCode.LEAF_MISMATCH, 5),
        (FindingCode.LEAF_MISMATCH, 6),
    ]


def test_entries_out_of_order_are_named(log: MemoryLog) -> None:
    log.entries[5], log.entries[6] = log.entries[6], log.entries[5]
    assert log.found() == [
        (FindingCode.ENTRY_MISSING, 5),
        (FindingCode.ENTRY_OUT_OF_ORDER, 5),
    ]


def test_a_doubled_entry_is_named(log: MemoryLog) -> None:
    log.entries.insert(8, log.entries[7])
    assert log.found() == [(FindingCode.ENTRY_OUT_OF_ORDER, 7)]


def test_an_entry_put_in_behind_the_signed_end_is_named(log: MemoryLog) -> None:
    log.entries.append(log.entries[0]._replace(index=SIZE))
    assert log.found() == [(FindingCode.ENTRY_UNSIGNED, SIZE)]


def test_a_changed_leaf_is_named(log: MemoryLog) -> None:
    forged = log_of(0)
    forged.add(replace(action(0), reason="a nicer reason"))
    log.entries[0] = forged.entries[0]
    assert log.found() == [
        (FindingCode.ROOT_MISMATCH, None),
        (FindingCode.LEAF_MISMATCH, 0),
        (FindingCode.TILE_MISMATCH, 0),
    ]


def test_a_leaf_changed_together_with_its_tile_is_noticed(log: MemoryLog) -> None:
    forged = log_of(0)
    forged.add(replace(action(0), reason="a nicer reason"))
    log.entries[0] = forged.entries[0]
    log.tiles[0, 0] = forged.tiles[0, 0] + log.tiles[0, 0][32:]
    assert log.found() == [
        (FindingCode.ROOT_MISMATCH, None),
        (FindingCode.TILE_MISMATCH, 0),
    ]


def test_a_whole_rewritten_log_needs_the_key(log: MemoryLog) -> None:
    forged = MemoryLog()
    forged.add(*[replace(action(number), reason="a nicer reason") for number in range(SIZE)])
    forged.note = log.note
    assert forged.found() == [(FindingCode.ROOT_MISMATCH, None)]


def test_a_log_rewritten_with_the_key_is_betrayed_by_an_older_checkpoint(log: MemoryLog) -> None:
    older = log_of(300).add()
    forged = MemoryLog()
    forged.add(*[replace(action(number), reason="a nicer reason") for number in range(SIZE)])
    assert forged.verify().ok
    report = forged.verify(older)
    assert codes(report) == [(FindingCode.HISTORY_REWRITTEN, None)]
    assert report.findings[0].message == (
        "the first 300 entries are not those that were signed before"
    )


def test_a_log_cut_off_and_signed_again_is_betrayed_by_an_older_checkpoint(log: MemoryLog) -> None:
    report = log_of(300).verify(head_of(log))
    assert codes(report) == [(FindingCode.LOG_TRUNCATED, None)]
    assert report.findings[0].message == "600 entries were signed before, 300 are left"


def test_a_log_that_is_gone_is_betrayed_by_an_older_checkpoint(log: MemoryLog) -> None:
    assert MemoryLog().found(head_of(log)) == [(FindingCode.LOG_TRUNCATED, None)]


@pytest.mark.parametrize("size", [0, 300])
def test_two_older_checkpoints_that_contradict_each_other_are_a_finding(
    log: MemoryLog, size: int
) -> None:
    good = log_of(size).add()
    report = log.verify(good, replace(good, root=b"\x05" * 32))
    assert codes(report) == [(FindingCode.HISTORY_REWRITTEN, None)]


def test_an_older_checkpoint_of_another_log_is_misuse(log: MemoryLog) -> None:
    with pytest.raises(LogForked, match="another log"):
        log.verify(Checkpoint(origin="log.example/other", size=0, root=EMPTY_ROOT))


@pytest.mark.parametrize(
    ("place", "first"), [((0, 0), 0), ((0, 1), 256), ((0, 2), 512), ((1, 0), 0)]
)
@pytest.mark.parametrize("change", ["lost", "narrow", "wide"])
def test_a_tile_of_another_width_is_named(
    log: MemoryLog, place: tuple[int, int], first: int, change: str
) -> None:
    whole = log.tiles.pop(place)
    if change != "lost":
        log.tiles[place] = whole[:-32] if change == "narrow" else whole + bytes(32)
    report = log.verify()
    assert codes(report) == [(FindingCode.TILE_MISMATCH, first)]
    assert f"tile {place[0]}/{place[1]} " in report.findings[0].message


@pytest.mark.parametrize("place", [(0, 3), (0, -1), (1, 1), (2, 0), (63, 0), (-1, 0)])
def test_a_tile_of_no_entry_is_named(log: MemoryLog, place: tuple[int, int]) -> None:
    log.tiles[place] = bytes(32)
    report = log.verify()
    assert codes(report) == [(FindingCode.TILE_MISMATCH, None)]
    assert f"tile {place[0]}/{place[1]} " in report.findings[0].message


def test_an_entry_before_the_first_is_named(log: MemoryLog) -> None:
    log.entries.insert(0, log.entries[7]._replace(index=-1))
    assert log.found() == [(FindingCode.ENTRY_OUT_OF_ORDER, -1)]


def test_a_changed_hash_in_a_tile_is_named(log: MemoryLog) -> None:
    log.tiles[0, 1] = log.tiles[0, 1][:-32] + bytes(32)
    log.tiles[1, 0] = bytes(32) + log.tiles[1, 0][32:]
    assert log.found() == [
        (FindingCode.TILE_MISMATCH, 0),
        (FindingCode.LEAF_MISMATCH, 511),
    ]


def test_a_head_of_another_key_is_a_finding_and_the_entries_are_still_verified(
    log: MemoryLog,
) -> None:
    log.note = sign_checkpoint(head_of(log), OTHER_SIGNER)
    log.entries[7] = log.entries[7]._replace(outcome="denied")
    report = log.verify()
    assert codes(report) == [
        (FindingCode.HEAD_INVALID, None),
        (FindingCode.COLUMN_MISMATCH, 7),
    ]
    assert report.head is None


def test_a_head_of_another_log_is_a_finding(log: MemoryLog) -> None:
    other = replace(head_of(log), origin="log.example/other")
    log.note = sign_checkpoint(other, SIGNER)
    assert log.found() == [(FindingCode.HEAD_INVALID, None)]


def test_a_lost_head_is_a_finding(log: MemoryLog) -> None:
    head = head_of(log)
    log.note = None
    assert log.found(head) == [(FindingCode.HEAD_MISSING, None)]


def test_an_older_head_put_back_leaves_unsigned_entries(log: MemoryLog) -> None:
    log.note = log_of(598).note
    found = log.found()
    assert (FindingCode.ENTRY_UNSIGNED, 598) in found
    assert (FindingCode.ENTRY_UNSIGNED, 599) in found
    assert (FindingCode.ROOT_MISMATCH, None) not in found


def test_a_head_with_another_root_is_a_finding(log: MemoryLog) -> None:
    forged = Checkpoint(origin=ORIGIN, size=SIZE, root=b"\x05" * 32)
    log.note = sign_checkpoint(forged, SIGNER)
    assert log.found() == [(FindingCode.ROOT_MISMATCH, None)]


def test_findings_are_capped_and_the_rest_is_counted() -> None:
    log = log_of(1100)
    log.entries = [row._replace(outcome="denied") for row in log.entries]
    report = log.verify()
    assert (len(report.findings), report.more) == (1000, 100)
    assert not report.ok


FIELDS = [name for name in EntryRow._fields if name != "index"]


def flipped(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@given(st.integers(0, 259), st.sampled_from(FIELDS), st.integers(0, 10_000))
def test_no_bit_of_a_row_can_change_unnoticed(index: int, column: str, at: int) -> None:
    log = copy.copy(UNTOUCHED)
    log.entries = list(UNTOUCHED.entries)
    value = getattr(log.entries[index], column)
    if isinstance(value, int):
        changed: Any = value + 1
    elif isinstance(value, bytes):
        changed = flipped(value, at)
    else:
        changed = flipped(value.encode(), at).decode()
    log.entries[index] = log.entries[index]._replace(**{column: changed})
    assert index in [finding.index for finding in log.verify().findings]


@given(st.sampled_from([(0, 0), (0, 1), (1, 0)]), st.integers(0, 10_000))
def test_no_bit_of_a_tile_can_change_unnoticed(place: tuple[int, int], at: int) -> None:
    log = copy.copy(UNTOUCHED)
    log.tiles = {**UNTOUCHED.tiles, place: flipped(UNTOUCHED.tiles[place], at)}
    assert not log.verify().ok


@given(st.integers(0, 10_000))
def test_no_bit_of_the_head_can_change_unnoticed(at: int) -> None:
    log = copy.copy(UNTOUCHED)
    log.note = flipped(UNTOUCHED.note or b"", at)
    assert not log.verify().ok
