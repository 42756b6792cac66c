from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from tests.unit.audit.example_entries import (
    ADA,
    AT_MS,
    ERASED,
    HOSTILE,
    SAM,
    SOURCE,
    STARTED,
    action,
    facts,
    hostile_events,
)
from tests.unit.audit.exports.every_entry import KIM, MARA
from understudy.audit.exports.cef import cef_line, printable
from understudy.audit.exports.facts import Source
from understudy.core.notices.events import SYSTEM, Event, EventType, Outcome

E = EventType
_HEADER = re.compile(r"((?:[^\\|]|\\.)*)\|", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z0-9]+)=((?:[^\\=]|\\.)*?)(?= [A-Za-z0-9]+=|$)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def parse(line: bytes) -> tuple[list[str], dict[str, str]]:
    """An independent reading of a line, by the rules of the format."""
    text = line.decode().removesuffix("\n")
    parts, rest = [], text
    for _ in range(7):
        found = _HEADER.match(rest)
        assert found is not None, text
        parts.append(_unescape(found[1]))
        rest = rest[found.end() :]
    fields: dict[str, str] = {}
    at = 0
    while at < len(rest):
        field = _FIELD.match(rest, at)
        assert field is not None, rest[at:]
        assert field[1] not in fields
        fields[field[1]] = _unescape(field[2])
        at = field.end() + 1
    return parts, fields


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def cef(event: Event, **options: Any) -> tuple[list[str], dict[str, str]]:
    return parse(cef_line(facts(event, **options), SOURCE))


def test_the_line_of_a_start_is_exactly_this() -> None:
    assert cef_line(facts(STARTED), SOURCE).decode() == (
        "CEF:0|Understudy|Understudy|0.1.0|session.started|Impersonation started|5|"
        f"rt={AT_MS} externalId=41 act=session.started outcome=ok reason=Cannot see the invoice "
        "suser=sam@support.example suid=opr_1 duser=ada@acme.example duid=user-1017 "
        "flexString1Label=actorKind flexString1=operator "
        "src=203.0.113.7 requestClientApplication=Mozilla/5.0 cn1Label=leafIndex cn1=41 "
        "cs1Label=session cs1=ses_1 cs2Label=grant cs2=grt_1 cs3Label=application cs3=app_1 "
        'cs4Label=ticket cs4=HELP-9 cs6Label=details cs6={"minutes": 30}\n'
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a=b", r"a\=b"),
        ("a\\b", r"a\\b"),
        ("a|b", "a|b"),
        ("a\nb", r"a\nb"),
        ("a\r\nb\rc", r"a\nb\nc"),
        ("a\\nb", r"a\\nb"),
        ("a\x00\x1b[31m\x7f\x85\u2028\u202eb", "a[31mb"),
        ("x act=login", r"x act\=login"),
        ("Zoë 測試 🦉", "Zoë 測試 🦉"),
    ],
)
def test_values_are_escaped_by_the_rules_of_the_extension(text: str, escaped: str) -> None:
    line = cef_line(facts(replace(STARTED, reason=text)), SOURCE).decode()
    assert f" reason={escaped} suser=" in line
    assert line.count("\n") == 1


def test_the_header_is_escaped_by_its_own_rules() -> None:
    line = cef_line(facts(STARTED), Source(origin="o", version="1|2\\3=4\n5")).decode()
    assert line.startswith(r"CEF:0|Understudy|Understudy|1\|2\\3=4 5|session.started|")


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("203.0.113.7", {"src": "203.0.113.7"}),
        ("2001:DB8::1", {"c6a2Label": "Source IPv6 Address", "c6a2": "2001:db8::1"}),
        ("proxy.internal", {"shost": "proxy.internal"}),
        (None, {}),
    ],
)
def test_an_address_stands_where_its_kind_belongs(
    address: str | None, fields: dict[str, str]
) -> None:
    _, found = cef(replace(STARTED, address=address))
    names = ("src", "c6a2Label", "c6a2", "shost")
    assert {name: found[name] for name in names if name in found} == fields


@pytest.mark.parametrize(
    ("event", "severity"),
    [
        (STARTED, "5"),
        (Event(type=E.SUBJECT_SAVED), "3"),
        (Event(type=E.GRANT_DENIED, outcome=Outcome.DENIED), "6"),
        (Event(type=E.TOKEN_REPLAYED, outcome=Outcome.DENIED), "9"),
    ],
)
def test_the_severity_rises_from_routine_to_alarm(event: Event, severity: str) -> None:
    header, _ = cef(event)
    assert header[6] == severity


def test_a_request_and_its_rule_are_told() -> None:
    event = replace(STARTED, type=E.ACTION_BLOCKED, action=action(), rule="read_only", reason=None)
    _, found = cef(event)
    assert (found["requestMethod"], found["request"]) == ("POST", "/notes/7")
    assert (found["cn2Label"], found["cn2"]) == ("status", "201")
    assert (found["cn3Label"], found["cn3"]) == ("durationMs", "38")
    assert (found["cs5Label"], found["cs5"], found["reason"]) == ("rule", "read_only", "read_only")


def test_people_without_an_address_go_by_their_names() -> None:
    event = replace(
        STARTED, actor=replace(SAM, email=None), subject=replace(ADA, email=None, name=None)
    )
    _, found = cef(event)
    assert (found["suser"], found["duser"], found["duid"]) == ("Sam Ortiz", ADA.id, ADA.id)


def test_the_source_user_is_whoever_did_it_and_the_sessions_actor_stands_beside() -> None:
    revoked = replace(STARTED, type=E.SESSION_REVOKED, doer=MARA)
    _, found = cef(revoked)
    assert (found["suser"], found["suid"]) == (MARA.email, MARA.id)
    assert (found["flexString1Label"], found["flexString1"]) == ("actorKind", "operator")
    assert found["flexString2Label"] == "sessionActor"
    assert found["flexString2"] == "sam@support.example (opr_1, operator)"
    _, found = cef(replace(revoked, doer=SYSTEM))
    assert (found["suser"], found["flexString1"]) == ("system", "system")


def test_whom_an_application_made_up_does_not_read_like_an_operator() -> None:
    _, found = cef(replace(STARTED, actor=KIM))
    assert (found["suser"], found["flexString1"]) == (MARA.email, "named_by_application")
    assert "flexString2" not in found


def test_what_is_left_of_an_erased_entry_names_nobody() -> None:
    header, found = cef(STARTED, without=("core", "personal"))
    assert header[4:6] == ["session.started", "Impersonation started"]
    assert found == {
        "rt": str(AT_MS),
        "externalId": "41",
        "act": "session.started",
        "cn1Label": "leafIndex",
        "cn1": "41",
        "cs6Label": "details",
        "cs6": '{"erased": "core personal"}',
    }


@given(HOSTILE)
def test_printable_text_holds_no_commands_and_stays_as_it_is(text: str) -> None:
    plain = printable(text)
    assert printable(plain) == plain
    assert {unicodedata.category(char) for char in plain if char != "\n"}.isdisjoint(
        {"Cc", "Cs", "Zl", "Zp"}
    )


@given(hostile_events(), ERASED)
def test_every_event_is_one_line_whose_fields_say_what_the_entry_says(
    event: Event, without: tuple[str, ...]
) -> None:
    told = facts(event, without=without)
    line = cef_line(told, SOURCE)
    assert line.decode().splitlines() == [line.decode().removesuffix("\n")]
    header, found = parse(line)
    assert header[:5] == ["CEF:0", "Understudy", "Understudy", "0.1.0", event.type.value]
    wanted = {
        "reason": told.reason or told.cause,
        "requestMethod": told.method,
        "request": told.path,
        "requestClientApplication": told.user_agent,
        "cs1": told.session_id,
        "cs2": told.grant_id,
        "cs3": told.application_id,
        "cs4": told.ticket,
        "cs5": told.rule,
        "outcome": told.outcome,
        "cn2": told.status,
        "suid": told.by.known_as if told.by else None,
        "duid": told.subject.known_as if told.subject else None,
    }
    for name, value in wanted.items():
        assert found.get(name, "") == printable("" if value is None else str(value)), name
    if told.details and not told.erased:
        details = json.dumps(dict(told.details), ensure_ascii=False, sort_keys=True)
        assert found["cs6"] == printable(details)
