from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given

from tests.unit.audit.example_entries import (
    ADA,
    ERASED,
    SAM,
    SOURCE,
    STARTED,
    action,
    facts,
    hostile_events,
)
from understudy.audit.exports.ecs import ecs_event
from understudy.audit.exports.json_line import json_line
from understudy.core.ids import SessionId
from understudy.core.notices.events import SYSTEM, Event, EventType, Outcome

E = EventType

# The values that the schema allows, as far as they are used here.
KINDS = {"event", "alert"}
CATEGORIES = {"authentication", "session", "iam", "configuration", "web"}
TYPES = {
    "access", "change", "creation", "deletion", "denied", "end", "info", "start", "user",
}  # fmt: skip
OUTCOMES = {"success", "failure", "unknown"}


def ecs(event: Event, **options: Any) -> dict[str, Any]:
    made = ecs_event(facts(event, **options), SOURCE)
    told = made["event"]
    assert told["kind"] in KINDS
    assert set(told["category"]) <= CATEGORIES
    assert set(told["type"]) <= TYPES
    assert told["outcome"] in OUTCOMES
    assert made["@timestamp"] == "2026-11-22T09:30:00.123Z"
    assert made["ecs"] == {"version": "9.0.0"}
    assert isinstance(told.get("duration", 0), int)
    for ip in (made.get("source", {}).get("ip"), *made.get("related", {}).get("ip", [])):
        assert ip is None or str(ip_address(ip)) == ip
    return made


def test_staff_is_the_user_and_the_target_the_effective_one() -> None:
    assert ecs(STARTED) == {
        "@timestamp": "2026-11-22T09:30:00.123Z",
        "ecs": {"version": "9.0.0"},
        "event": {
            "kind": "event",
            "category": ["authentication", "session"],
            "type": ["start"],
            "action": "impersonation-started",
            "code": "session.started",
            "outcome": "success",
            "reason": "Cannot see the invoice",
            "id": "understudy.local/log/41",
            "sequence": 41,
            "module": "understudy",
            "dataset": "understudy.audit",
            "provider": "understudy.local/log",
        },
        "user": {
            "id": "opr_1",
            "name": "Sam Ortiz",
            "email": "sam@support.example",
            "effective": {
                "id": "user-1017",
                "name": "Ada Lovett",
                "email": "ada@acme.example",
                "domain": "app_1",
            },
        },
        "related": {
            "user": [
                "opr_1",
                "sam@support.example",
                "Sam Ortiz",
                "user-1017",
                "sub_1",
                "ada@acme.example",
                "Ada Lovett",
            ],
            "ip": ["203.0.113.7"],
        },
        "source": {"address": "203.0.113.7", "ip": "203.0.113.7"},
        "user_agent": {"original": "Mozilla/5.0"},
        "service": {"name": "understudy", "type": "understudy", "version": "0.1.0"},
        "organization": {"id": "acme", "name": "Acme"},
        "understudy": {
            "application_id": "app_1",
            "grant_id": "grt_1",
            "session_id": "ses_1",
            "actor": {"kind": "operator", "ref": "opr_1"},
            "subject": {"kind": "subject", "ref": "sub_1"},
            "ticket": "HELP-9",
            "details": {"minutes": 30},
        },
    }


@pytest.mark.parametrize(
    ("kind", "action_name", "types"),
    [
        (E.SESSION_ENDED, "impersonation-ended", ["end"]),
        (E.SESSION_EXPIRED, "impersonation-expired", ["end"]),
        (E.SESSION_REVOKED, "impersonation-revoked", ["end"]),
        (E.GRANT_DENIED, "impersonation-denied", ["start"]),
        (E.TOKEN_REPLAYED, "token-replayed", ["start"]),
        (E.GRANT_CREATED, "grant-created", ["info"]),
    ],
)
def test_each_step_of_an_impersonation_has_its_action_and_type(
    kind: EventType, action_name: str, types: list[str]
) -> None:
    told = ecs(replace(STARTED, type=kind))["event"]
    assert (told["action"], told["type"]) == (action_name, types)
    assert told["category"] == ["authentication", "session"]
    assert told["kind"] == ("alert" if kind is E.TOKEN_REPLAYED else "event")


def test_a_denial_is_a_failure_and_its_rule_the_reason_where_nobody_wrote_one() -> None:
    denied = Event(type=E.GRANT_DENIED, actor=SAM, outcome=Outcome.DENIED, rule="subject_protected")
    event = ecs(denied)
    assert (event["event"]["outcome"], event["event"]["reason"]) == (
        "failure",
        "subject_protected",
    )
    assert event["understudy"]["rule"] == "subject_protected"


@pytest.mark.parametrize(
    ("kind", "category", "type_"),
    [
        (E.OPERATOR_SIGNED_IN, "authentication", "start"),
        (E.OPERATOR_SIGNED_OUT, "authentication", "end"),
        (E.OPERATOR_INVITED, "iam", "creation"),
        (E.SUBJECT_SAVED, "iam", "change"),
        (E.SUBJECT_DELETED, "iam", "deletion"),
        (E.APPLICATION_UPDATED, "configuration", "change"),
        (E.AUDIT_EXPORTED, "configuration", "access"),
        (E.AUDIT_ERASED, "configuration", "deletion"),
    ],
)
def test_administration_has_its_category_and_type(
    kind: EventType, category: str, type_: str
) -> None:
    told = ecs(Event(type=kind, actor=SAM))["event"]
    assert (told["category"], told["type"]) == ([category], [type_])


def test_whom_a_change_is_about_is_the_target_not_the_effective_user() -> None:
    user = ecs(Event(type=E.SUBJECT_SAVED, actor=SAM, subject=ADA))["user"]
    assert user["target"]["id"] == ADA.id
    assert "effective" not in user


def test_a_request_comes_with_its_method_path_status_and_nanoseconds() -> None:
    event = ecs(replace(STARTED, type=E.ACTION_COMPLETED, action=action("PUT")))
    assert event["http"] == {
        "request": {"method": "PUT", "id": "a1b2c3d4"},
        "response": {"status_code": 201},
    }
    assert (event["url"], event["understudy"]["route"]) == ({"path": "/notes/7"}, "/notes/{id}")
    assert event["event"]["duration"] == 38_000_000
    assert event["event"]["category"] == ["web"]


def test_an_address_that_is_none_is_no_ip() -> None:
    event = ecs(replace(STARTED, address="proxy.internal"))
    assert event["source"] == {"address": "proxy.internal"}
    assert "ip" not in event["related"]


def test_the_service_itself_is_not_a_related_user() -> None:
    event = ecs(
        Event(type=E.SESSION_EXPIRED, actor=SYSTEM, subject=ADA, session_id=SessionId("ses_1"))
    )
    assert "system" not in event["related"]["user"]


def test_what_is_left_of_an_erased_entry_names_nobody() -> None:
    event = ecs(STARTED, without=("core", "personal"))
    assert event["event"]["outcome"] == "unknown"
    assert event["understudy"] == {"erased": ["core", "personal"]}
    assert {"user", "related", "source", "organization"}.isdisjoint(event)


@given(hostile_events(), ERASED)
def test_every_document_keeps_to_the_schema_and_is_one_line(
    event: Event, without: tuple[str, ...]
) -> None:
    made = ecs(event, without=without)
    line = json_line(made).decode()
    assert line.splitlines() == [line.removesuffix("\n")]
    assert json.loads(line) == made
