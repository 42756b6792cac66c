from __future__ import annotations

import json

from hypothesis import given

from tests.fixtures.refusals import refusal_of
from tests.unit.audit.example_entries import AT_MS, ERASED, HOSTILE, STARTED, entry, hostile_events
from understudy.audit.exports.json_line import entry_line, json_line
from understudy.core.notices.events import Event
from understudy.errors import AuditError


@given(HOSTILE, HOSTILE)
def test_an_object_is_one_line_and_says_the_same(name: str, value: str) -> None:
    line = json_line({name: value}).decode()
    assert line.splitlines() == [line.removesuffix("\n")]
    assert line.endswith("}\n")
    assert json.loads(line) == {name: value}


def test_what_json_readers_disagree_about_is_refused() -> None:
    with refusal_of(AuditError, "audit_invalid"):
        json_line({"number": 2**60})


def test_an_entry_is_told_as_it_is_without_its_salts() -> None:
    assert json.loads(entry_line(entry(STARTED))) == {
        "index": 41,
        "time_ms": AT_MS,
        "type": "session.started",
        "leaf": '{"leaf":1}',
        "core": {
            "actor_kind": "operator",
            "actor_ref": "opr_1",
            "application_id": "app_1",
            "details": {"minutes": 30},
            "grant_id": "grt_1",
            "organization_ref": "org_1",
            "outcome": "ok",
            "session_id": "ses_1",
            "subject_ref": "sub_1",
        },
        "personal": {
            "actor_email": "sam@support.example",
            "actor_id": "opr_1",
            "actor_name": "Sam Ortiz",
            "address": "203.0.113.7",
            "organization_id": "acme",
            "organization_name": "Acme",
            "reason": "Cannot see the invoice",
            "subject_email": "ada@acme.example",
            "subject_id": "user-1017",
            "subject_name": "Ada Lovett",
            "ticket": "HELP-9",
            "user_agent": "Mozilla/5.0",
        },
    }


@given(hostile_events(), ERASED)
def test_whatever_an_entry_says_it_is_one_line_that_says_it(
    event: Event, without: tuple[str, ...]
) -> None:
    written = entry(event, without=without)
    line = entry_line(written).decode()
    assert line.splitlines() == [line.removesuffix("\n")]
    read = json.loads(line)
    assert (read["core"], read["personal"]) == (written.core, written.personal)
