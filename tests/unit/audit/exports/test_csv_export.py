from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.audit.memory_log import MemoryLog, log_of
from understudy.audit.entries.erasure import ErasedPart
from understudy.audit.exports.csv_export import COLUMNS, csv_lines, safe_cell
from understudy.core.ids import GrantId, SessionId
from understudy.core.notices.events import Action, Event, EventType, Party, PartyKind
from understudy.errors import AuditError


def table(log: MemoryLog) -> list[dict[str, str]]:
    text = "".join(csv_lines(log.entries)).encode().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_entry_is_one_row_of_decoded_facts() -> None:
    assert table(log_of(1)) == [
        {
            "index": "0",
            "time": "2026-01-01T00:00:00.000Z",
            "type": "action.completed",
            "application_id": "app_1",
            "actor_kind": "operator",
            "actor_ref": "opr_1",
            "actor_id": "",
            "actor_email": "ada@example.com",
            "actor_name": "Ada",
            "doer_kind": "operator",
            "doer_ref": "opr_2",
            "doer_id": "",
            "doer_email": "mara@example.com",
            "doer_name": "Mara",
            "subject_ref": "sub_1",
            "subject_id": "u-7",
            "subject_email": "bob@example.org",
            "subject_name": "",
            "organization_ref": "org_1",
            "organization_id": "acme",
            "organization_email": "",
            "organization_name": "Acme",
            "grant_id": "grt_1",
            "session_id": "ses_1",
            "outcome": "ok",
            "rule": "",
            "reason": "Bob sees no invoices",
            "ticket": "T-1",
            "address": "192.0.2.1",
            "user_agent": "Browser/1.0",
            "action_id": "act_0",
            "method": "GET",
            "route": "/invoices/{id}",
            "path": "/invoices/0",
            "status": "200",
            "duration_ms": "12",
            "details": "",
            "erased": "",
            "actor_taken_over": "",
            "doer_taken_over": "",
        }
    ]


def test_the_bytes_begin_as_excel_knows_utf_8_and_only_once() -> None:
    data = "".join(csv_lines(log_of(3).entries)).encode()
    assert data.startswith(b"\xef\xbb\xbfindex,time,")
    assert data.count(b"\xef\xbb\xbf") == 1


def test_lines_end_as_in_rfc_4180_and_come_one_by_one() -> None:
    lines = list(csv_lines(log_of(3).entries))
    assert lines[0] == "\ufeff" + ",".join(COLUMNS) + "\r\n"
    assert len(lines) == 4
    assert all(line.endswith("\r\n") for line in lines)


def test_every_fact_of_every_event_has_a_column() -> None:
    party = Party(kind=PartyKind.SYSTEM, ref="r", id="i", email="e", name="n", taken_over=True)
    event = Event(
        type=EventType.ACTION_BLOCKED,
        application_id="a",
        actor=party,
        doer=party,
        subject=party,
        organization=party,
        grant_id=GrantId("g"),
        session_id=SessionId("s"),
        rule="r",
        reason="r",
        ticket="t",
        address="a",
        user_agent="u",
        action=Action(id="i", method="m", route="r", path="p", status=1, duration_ms=1),
        details={"d": 1},
    )
    assert {*event.core_payload(), *event.personal_payload()} <= set(COLUMNS)


def test_details_are_json_and_erased_parts_are_named() -> None:
    log = log_of(3)
    log.erase((0, 0))
    log.erase((1, 1), part=ErasedPart.PERSONAL)
    rows = table(log)
    assert [row["erased"] for row in rows] == ["core personal", "personal", "", "", ""]
    assert rows[3]["details"] == '{"indexes":"0","part":"both"}'
    assert (rows[0]["outcome"], rows[1]["outcome"]) == ("", "ok")


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tx",
        "\rx",
        "\nx",
        "  =1",
        "\u00a0=1",
        " \t+1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
    ],
)
def test_cells_that_a_spreadsheet_would_run_are_quoted(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "1+1", "ada@example.com", " x", "'=1", "2026-01-01"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


def test_a_formula_in_a_reason_arrives_as_text() -> None:
    log = MemoryLog()
    hostile = '=HYPERLINK("http://evil.example","x"),\r\n"'
    log.add(Event(type=EventType.GRANT_CREATED, reason=hostile))
    assert table(log)[0]["reason"] == f"'{hostile}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_one_cell(reason: str) -> None:
    log = MemoryLog()
    log.add(Event(type=EventType.GRANT_CREATED, reason=reason))
    (row,) = table(log)
    assert row["reason"] == safe_cell(reason)
    assert row["type"] == "grant.created"


def test_a_payload_that_is_no_json_is_an_audit_error() -> None:
    log = log_of(1)
    log.entries[0] = log.entries[0]._replace(core_json=b"scribble")
    with pytest.raises(AuditError, match="not JSON"):
        list(csv_lines(log.entries))
