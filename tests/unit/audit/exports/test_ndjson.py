from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
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
from understudy.audit.entries.erasure import ErasedPart
from understudy.audit.entries.findings import FindingCode, Report
from understudy.audit.entries.handover import Handover
from understudy.audit.entries.leaf import canonical_json
from understudy.audit.entries.log import EntryRow
from understudy.audit.exports.ndjson import (
    MAX_LINE_BYTES,
    ExportedEntry,
    ExportFilter,
    ExportHeader,
    ExportReader,
    export_lines,
    verify_export,
)
from understudy.audit.tlog.checkpoint import Checkpoint, unverified_checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.core.notices.events import Event, EventType
from understudy.errors import AuditError, LogForked, SignatureInvalid


def exported(log: MemoryLog, only: ExportFilter | None = None) -> list[bytes]:
    return list(
        export_lines(
            log.entries, checkpoint=log.note or b"", verifier=VERIFIER, origin=ORIGIN, only=only
        )
    )


def verified(lines: list[bytes], *older: Checkpoint, verifier: Verifier = VERIFIER) -> Report:
    reader = ExportReader(io.BytesIO(b"".join(lines)))
    return verify_export(reader, verifier=verifier, older=older)


def refused(lines: list[bytes]) -> str:
    with pytest.raises(AuditError) as caught:
        verified(lines)
    return caught.value.detail


def edited(line: bytes, edit: Callable[[dict[str, Any]], object]) -> bytes:
    members = json.loads(line)
    edit(members)
    return canonical_json(members) + b"\n"


LOG = log_of(300)
LINES = exported(LOG)
ONLY_SEVEN = ExportFilter(asked={"action_id": "act_7"}, matches=lambda row: row.index == 7)


@pytest.mark.parametrize("size", [1, 256, 300])
def test_an_export_verifies_with_nothing_but_the_key(size: int) -> None:
    log = log_of(size)
    older = log_of(size - 1).add()
    assert verified(exported(log), older, unverified_checkpoint(log.note or b"")) == Report(
        origin=ORIGIN,
        head=unverified_checkpoint(log.note or b""),
        entries=size,
        erased_core=0,
        erased_personal=0,
        withheld=0,
        findings=(),
        more=0,
    )


def test_an_export_of_an_empty_log_verifies() -> None:
    log = log_of(0)
    assert len(exported(log)) == 1
    assert verified(exported(log)).ok


def test_progress_is_told() -> None:
    told: list[int] = []
    reader = ExportReader(io.BytesIO(b"".join(LINES)))
    verify_export(reader, verifier=VERIFIER, older=(), progress=told.append)
    assert told == [256]


def test_every_line_is_canonical_json_and_reads_as_plain_json() -> None:
    header, first = json.loads(LINES[0]), json.loads(LINES[1])
    assert header == {
        "format": "understudy-audit-export/1",
        "origin": ORIGIN,
        "key": VERIFIER.to_text(),
        "checkpoint": (LOG.note or b"").decode(),
        "filter": None,
    }
    assert first["index"] == 0
    assert first["core"] == action(0).core_payload()
    assert first["personal"] == action(0).personal_payload()
    assert first["leaf"].encode() == LOG.entries[0].leaf
    assert set(first) == {"core", "core_salt", "index", "leaf", "personal", "personal_salt"}
    assert all(canonical_json(json.loads(line)) + b"\n" == line for line in LINES)


def test_lines_come_back_from_text() -> None:
    assert ExportHeader.from_line(LINES[0]).to_line() == LINES[0]
    entries = [ExportedEntry.from_line(line) for line in LINES[1:]]
    assert entries == [ExportedEntry(row=row, withheld=False) for row in LOG.entries]
    assert [entry.to_line() for entry in entries] == LINES[1:]


def test_entries_behind_the_signed_end_are_not_exported() -> None:
    log = log_of(3)
    log.entries.append(log.entries[0]._replace(index=3))
    assert len(exported(log)) == 4
    assert verified(exported(log)).ok


def test_a_filter_withholds_payloads_and_the_log_still_verifies() -> None:
    lines = exported(LOG, ONLY_SEVEN)
    assert json.loads(lines[0])["filter"] == {"action_id": "act_7"}
    assert set(json.loads(lines[1])) == {"index", "leaf", "withheld"}
    assert lines[8] == LINES[8]
    report = verified(lines)
    assert (report.ok, report.withheld, report.entries) == (True, 299, 300)
    assert b"ada@example.com" not in b"".join([*lines[:8], *lines[9:]])


def test_withheld_lines_come_back_from_text() -> None:
    lines = exported(LOG, ONLY_SEVEN)
    assert [ExportedEntry.from_line(line).to_line() for line in lines[1:]] == lines[1:]


def test_the_record_of_an_erasure_is_never_withheld() -> None:
    log = log_of(20)
    log.erase((7, 7), part=ErasedPart.PERSONAL)
    lines = exported(log, ONLY_SEVEN)
    assert set(json.loads(lines[21])) == {"core", "core_salt", "index", "leaf", "withheld"}
    report = verified(lines)
    assert (report.ok, report.withheld, report.erased_personal) == (True, 20, 1)


def test_a_payload_withheld_without_a_filter_is_a_finding() -> None:
    lines = [LINES[0], *exported(LOG, ONLY_SEVEN)[1:9], *LINES[9:]]
    assert codes(verified(lines)) == [(FindingCode.WITHHELD_UNASKED, index) for index in range(7)]


def test_erased_payloads_are_absent_and_no_alarm() -> None:
    log = log_of(20)
    log.erase((3, 5))
    assert set(json.loads(exported(log)[4])) == {"index", "leaf"}
    report = verified(exported(log))
    assert (report.ok, report.erased_core, report.erased_personal) == (True, 3, 3)


def test_a_payload_taken_out_is_an_alarm() -> None:
    def take(members: dict[str, Any]) -> None:
        del members["personal"], members["personal_salt"]

    assert codes(verified([*LINES[:8], edited(LINES[8], take), *LINES[9:]])) == [
        (FindingCode.PAYLOAD_MISSING, 7)
    ]


@pytest.mark.parametrize("name", ["core", "core_salt", "personal", "personal_salt"])
def test_half_a_payload_is_an_alarm(name: str) -> None:
    line = edited(LINES[8], lambda members: members.pop(name))
    assert codes(verified([*LINES[:8], line, *LINES[9:]])) == [(FindingCode.PAYLOAD_INCOMPLETE, 7)]


@pytest.mark.parametrize("part", ["core", "personal"])
def test_a_changed_payload_is_named(part: str) -> None:
    line = edited(LINES[8], lambda members: members[part].update(new="fact"))
    assert codes(verified([*LINES[:8], line, *LINES[9:]])) == [(FindingCode.PAYLOAD_MISMATCH, 7)]


def test_a_changed_leaf_breaks_the_root() -> None:
    other = MemoryLog()
    other.add(replace(action(0), reason="a nicer reason"))
    lines = [LINES[0], exported(other)[1], *LINES[2:]]
    assert codes(verified(lines)) == [(FindingCode.ROOT_MISMATCH, None)]


@pytest.mark.parametrize("at", [1, 2, 150, 300])
def test_a_removed_line_is_named(at: int) -> None:
    assert codes(verified(LINES[:at] + LINES[at + 1 :])) == [
        (FindingCode.ROOT_UNKNOWN, None),
        (FindingCode.ENTRY_MISSING, at - 1),
    ]


def test_swapped_lines_are_named() -> None:
    lines = [*LINES[:8], LINES[9], LINES[8], *LINES[10:]]
    assert codes(verified(lines)) == [
        (FindingCode.ROOT_UNKNOWN, None),
        (FindingCode.ENTRY_MISSING, 7),
        (FindingCode.ENTRY_OUT_OF_ORDER, 7),
    ]


def test_a_doubled_line_is_named() -> None:
    assert codes(verified([*LINES[:9], *LINES[8:]])) == [(FindingCode.ENTRY_OUT_OF_ORDER, 7)]


def test_lines_behind_the_end_are_named() -> None:
    line = edited(LINES[1], lambda members: members.update(index=300))
    assert codes(verified([*LINES, line])) == [(FindingCode.ENTRY_UNSIGNED, 300)]


def test_a_far_index_costs_nothing() -> None:
    def far(members: dict[str, Any]) -> None:
        members.update(index=2**53 - 1)

    signed = OTHER_SIGNER.sign(f"{ORIGIN}\n{2**63 - 1}\n{'A' * 43}=\n").decode()
    header = edited(LINES[0], lambda members: members.update(checkpoint=signed))
    report = verified([header, edited(LINES[1], far)], verifier=OTHER_SIGNER.verifier)
    assert FindingCode.ROOT_UNKNOWN in [finding.code for finding in report.findings]


def test_an_export_under_another_key_is_a_finding() -> None:
    report = verified(LINES, verifier=OTHER_SIGNER.verifier)
    assert codes(report) == [(FindingCode.HEAD_INVALID, None)]
    assert report.findings[0].message == "the note is not signed by the given key"


def test_an_export_of_a_rewritten_log_is_betrayed_by_an_older_checkpoint() -> None:
    older = Checkpoint(origin=ORIGIN, size=100, root=b"\x05" * 32)
    assert codes(verified(LINES, older)) == [(FindingCode.HISTORY_REWRITTEN, None)]


def test_an_export_of_a_cut_log_is_betrayed_by_an_older_checkpoint() -> None:
    older = log_of(301).add()
    assert codes(verified(LINES, older)) == [(FindingCode.LOG_TRUNCATED, None)]


def test_an_older_checkpoint_of_another_log_is_misuse() -> None:
    with refusal_of(LogForked, "log_forked"):
        verified(LINES, Checkpoint(origin="other", size=1, root=bytes(32)))


def test_only_a_verified_checkpoint_is_exported() -> None:
    with refusal_of(SignatureInvalid, "signature_invalid"):
        list(
            export_lines(
                [],
                checkpoint=LOG.note or b"",
                verifier=OTHER_SIGNER.verifier,
                origin=ORIGIN,
                only=None,
            )
        )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"core_json": b'{"a":1}\n{"forged":"line"}'}, "not canonical JSON"),
        ({"personal_json": b"[]"}, "a payload is a JSON object"),
        ({"leaf": b"\xff"}, "not a leaf"),
    ],
)
def test_what_would_break_the_format_is_not_exported(
    columns: dict[str, bytes], reason: str
) -> None:
    log = log_of(3)
    log.entries[1] = log.entries[1]._replace(**columns)  # type: ignore[arg-type]
    with pytest.raises(AuditError, match=f"entry 1 cannot be exported: .*{reason}"):
        exported(log)


@pytest.mark.parametrize(
    "edit",
    [
        lambda members: members.pop("key"),
        lambda members: members.update(more=1),
        lambda members: members.update(format="understudy-audit-export/2"),
        lambda members: members.update(origin=1),
        lambda members: members.update(key=None),
        lambda members: members.update(checkpoint=["a"]),
        lambda members: members.update(filter="all"),
        lambda members: members.update(filter=[]),
    ],
)
def test_another_header_is_refused_by_its_line(edit: Callable[[dict[str, Any]], object]) -> None:
    assert refused([edited(LINES[0], edit), *LINES[1:]]).startswith("line 1: ")


@pytest.mark.parametrize(
    "edit",
    [
        lambda members: members.pop("index"),
        lambda members: members.pop("leaf"),
        lambda members: members.update(index=True),
        lambda members: members.update(index=-1),
        lambda members: members.update(index="7"),
        lambda members: members.update(leaf=7),
        lambda members: members.update(leaf="{}"),
        lambda members: members.update(leaf=members["leaf"] + "\n"),
        lambda members: members.update(core="text"),
        lambda members: members.update(core=None),
        lambda members: members.update(personal=[]),
        lambda members: members.update(core_salt="AA"),
        lambda members: members.update(core_salt=None),
        lambda members: members.update(personal_salt=7),
        lambda members: members.update(more=1),
        lambda members: members.update(withheld=False),
        lambda members: members.update(withheld=1),
        lambda members: members.update(withheld=True),
    ],
)
def test_another_entry_is_refused_by_its_line(edit: Callable[[dict[str, Any]], object]) -> None:
    lines = [*LINES[:8], edited(LINES[8], edit), *LINES[9:]]
    assert refused(lines).startswith("line 9: ")


def test_a_withheld_entry_says_so_with_true_alone() -> None:
    lines = exported(LOG, ONLY_SEVEN)
    lines[1] = edited(lines[1], lambda members: members.update(withheld=1))
    assert refused(lines) == "line 2: withheld is true or absent"


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"not json\n",
        b"[]\n",
        b"\xff\xfe\n",
        LINES[8].replace(b",", b", ", 1),
        LINES[8].replace(b"{", b'{"core":{},', 1),
        LINES[8].replace(b"\n", b"\r\n"),
        b"[" * 100_000 + b"\n",
        b'{"index":' + b"9" * 5000 + b"}\n",
        b'{"index":1e999}\n',
        b'{"leaf":"\\ud800"}\n',
        b"\x00\n",
    ],
)
def test_hostile_lines_are_refused_by_their_number(line: bytes) -> None:
    assert refused([*LINES[:8], line, *LINES[9:]]).startswith("line 9: ")


def test_a_line_without_end_is_refused_before_it_fills_memory() -> None:
    class Endless(io.BytesIO):
        asked = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.asked = max(self.asked, size or 0)
            return b"{" * (size or 0)

    file = Endless()
    with pytest.raises(AuditError, match="line 1: too long, or cut short"):
        ExportReader(file)
    assert file.asked == MAX_LINE_BYTES + 1


def test_an_export_cut_within_a_line_is_refused_by_that_line() -> None:
    assert refused([*LINES[:8], LINES[8][:-1]]) == "line 9: too long, or cut short"
    assert refused([]) == "line 1: this is not JSON"


def test_the_longest_entry_fits_into_a_line() -> None:
    log = MemoryLog()
    longest = replace(action(0), reason="\x01" * 10_000, details={"a": "\x01" * 10_000})
    log.add(longest)
    assert len(exported(log)[1]) < MAX_LINE_BYTES
    assert verified(exported(log)).ok


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=len(b"".join(LINES[:4]))))
def test_arbitrary_bytes_give_a_report_or_an_audit_error(noise: bytes, at: int) -> None:
    data = b"".join(LINES[:4])
    try:
        report = verify_export(
            ExportReader(io.BytesIO(data[:at] + noise + data[at + len(noise) :])),
            verifier=VERIFIER,
            older=(),
        )
    except AuditError:
        return
    assert not report.ok


def test_an_export_is_read_line_by_line() -> None:
    reader = ExportReader(io.BytesIO(b"".join(LINES)))
    assert reader.header.origin == ORIGIN
    assert Verifier.from_text(reader.header.unverified_key) == VERIFIER
    rows: list[EntryRow] = [entry.row for entry in reader.entries()]
    assert rows == LOG.entries


def test_handovers_are_told_even_where_a_filter_withholds_and_others_are_passed_over() -> None:
    log = log_of(2)
    handover = Handover.sign(SIGNER, new=OTHER_SIGNER.verifier, signs_from_ms=1)
    log.add(Event(type=EventType.KEYS_ROTATED, details=handover.to_details()))
    log.add(Event(type=EventType.KEYS_ROTATED, details={"use": "log", "vkey": "of version 0.1"}))
    log.add(Event(type=EventType.SUBJECT_SAVED, reason="keys.rotated is only spoken of"))
    for lines in (exported(log), exported(log, ONLY_SEVEN)):
        assert [*ExportReader(io.BytesIO(b"".join(lines))).handovers()] == [handover]
        assert verified(lines).ok
