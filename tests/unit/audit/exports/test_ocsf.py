from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from tests.unit.audit.example_entries import (
    ADA,
    AT_MS,
    ERASED,
    SAM,
    SOURCE,
    STARTED,
    action,
    facts,
    hostile_events,
)
from understudy.audit.exports.json_line import json_line
from understudy.audit.exports.ocsf import ocsf_event
from understudy.core.notices.events import SYSTEM, Event, EventType, Outcome, Party, PartyKind

E = EventType

# Required attributes by class, from the schema's 1.6 classes. "a|b" asks for at least one of them.
REQUIRED_OF_ALL = (
    "activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata",
    "metadata.version", "metadata.product", "metadata.product.name",
)  # fmt: skip
REQUIRED: Mapping[int, tuple[str, ...]] = {
    0: (),
    3002: ("user", "user.uid|user.name", "service|dst_endpoint"),
    3004: ("entity", "entity.uid|entity.name"),
    6003: (
        "actor", "actor.user|actor.process", "actor.user.uid|actor.user.name",
        "api", "api.operation", "src_endpoint", "src_endpoint.ip|src_endpoint.name",
    ),
}  # fmt: skip
ACTIVITIES: Mapping[int, set[int]] = {
    0: {99},
    3002: {1, 2, 7},
    3004: {1, 2, 3, 4, 8, 9, 99},
    6003: {1, 2, 3, 4, 99},
}
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "activity_id": int,
    "category_uid": int,
    "class_uid": int,
    "type_uid": int,
    "severity_id": int,
    "status_id": int,
    "time": int,
    "duration": int,
    "message": str,
    "comment": str,
    "status_detail": str,
    "metadata": dict,
    "user": dict,
    "actor": dict,
    "entity": dict,
    "resources": list,
    "unmapped": dict,
}


def at(event: Mapping[str, Any], path: str) -> Any:
    found: Any = event
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def check(event: Mapping[str, Any]) -> None:
    """What every event must be, whatever it tells of."""
    class_uid, activity = event["class_uid"], event["activity_id"]
    for paths in (*REQUIRED_OF_ALL, *REQUIRED[class_uid]):
        assert any(at(event, path) is not None for path in paths.split("|")), paths
    assert activity in ACTIVITIES[class_uid]
    assert event["type_uid"] == class_uid * 100 + activity
    assert event["category_uid"] == class_uid // 1000
    assert event["severity_id"] in range(7)
    assert event["status_id"] in (0, 1, 2)
    for name, kind in TYPES.items():
        assert name not in event or isinstance(event[name], kind), name
    if activity == 7:
        assert event["account_switch_type_id"] == 2


def ocsf(event: Event, **options: Any) -> dict[str, Any]:
    made = ocsf_event(facts(event, **options), SOURCE)
    check(made)
    return made


def test_starting_is_an_account_switch_by_staff_to_the_target() -> None:
    assert ocsf(STARTED) == {
        "account_switch_type": "Impersonate",
        "account_switch_type_id": 2,
        "activity_id": 7,
        "activity_name": "Account Switch",
        "actor": {
            "session": {"created_time": AT_MS, "uid": "ses_1"},
            "user": {
                "email_addr": "sam@support.example",
                "name": "Sam Ortiz",
                "type": "User",
                "type_id": 1,
                "uid": "opr_1",
                "uid_alt": "opr_1",
            },
        },
        "auth_protocol_id": 6,
        "category_uid": 3,
        "class_name": "Authentication",
        "class_uid": 3002,
        "http_request": {"user_agent": "Mozilla/5.0"},
        "message": "Impersonation started",
        "metadata": {
            "correlation_uid": "grt_1",
            "event_code": "session.started",
            "log_name": "understudy.local/log",
            "product": {"name": "Understudy", "vendor_name": "Understudy", "version": "0.1.0"},
            "sequence": 41,
            "uid": "understudy.local/log/41",
            "version": "1.6.0",
        },
        "service": {"name": "Understudy", "uid": "app_1"},
        "session": {"created_time": AT_MS, "uid": "ses_1"},
        "severity_id": 1,
        "src_endpoint": {"ip": "203.0.113.7"},
        "status_id": 1,
        "time": AT_MS,
        "type_uid": 300207,
        "unmapped": {
            "understudy": {
                "actor_kind": "operator",
                "application_id": "app_1",
                "details": {"minutes": 30},
                "grant_id": "grt_1",
                "organization_id": "acme",
                "reason": "Cannot see the invoice",
                "target": "user-1017",
                "ticket": "HELP-9",
            }
        },
        "user": {
            "domain": "app_1",
            "email_addr": "ada@acme.example",
            "name": "Ada Lovett",
            "type": "User",
            "type_id": 1,
            "uid": "user-1017",
            "uid_alt": "sub_1",
        },
    }


@pytest.mark.parametrize("kind", [E.SESSION_ENDED, E.SESSION_EXPIRED, E.SESSION_REVOKED])
def test_the_end_is_a_logoff_of_the_target_with_its_cause(kind: EventType) -> None:
    event = ocsf(replace(STARTED, type=kind, details={"cause": "idle"}))
    assert event["type_uid"] == 300202
    assert event["user"]["uid"] == ADA.id
    assert event["session"] == {"uid": "ses_1", "expiration_reason": "idle"}
    assert event["status_detail"] == "idle"
    assert "account_switch_type_id" not in event


@pytest.mark.parametrize("kind", [E.GRANT_DENIED, E.TOKEN_REFUSED, E.TOKEN_REPLAYED])
def test_a_denied_start_is_the_failure_of_an_account_switch(kind: EventType) -> None:
    denied = Event(type=kind, actor=SAM, outcome=Outcome.DENIED, rule="subject_protected")
    event = ocsf(denied)
    assert (event["type_uid"], event["status_id"]) == (300207, 2)
    assert event["status_detail"] == "subject_protected"
    assert event["user"] == {"uid": "unknown"}
    assert event["severity_id"] == (4 if kind is E.TOKEN_REPLAYED else 2)


@pytest.mark.parametrize(
    ("kind", "type_uid"),
    [
        (E.OPERATOR_SIGNED_IN, 300201),
        (E.OPERATOR_SIGN_IN_FAILED, 300201),
        (E.OPERATOR_SIGNED_OUT, 300202),
    ],
)
def test_an_operator_signs_in_and_out_as_themself(kind: EventType, type_uid: int) -> None:
    event = ocsf(Event(type=kind, actor=SAM))
    assert (event["type_uid"], event["user"]["email_addr"]) == (type_uid, SAM.email)
    nobody = ocsf(Event(type=kind))
    assert nobody["user"] == {"uid": "unknown"}


@pytest.mark.parametrize(
    ("method", "activity"),
    [
        ("POST", 1),
        ("GET", 2),
        ("HEAD", 2),
        ("OPTIONS", 2),
        ("PUT", 3),
        ("PATCH", 3),
        ("DELETE", 4),
        ("PURGE", 99),
    ],
)
def test_what_was_done_is_api_activity_of_staff_on_the_target(method: str, activity: int) -> None:
    event = ocsf(replace(STARTED, type=E.ACTION_COMPLETED, action=action(method)))
    assert event["type_uid"] == 600300 + activity
    assert event["actor"]["user"]["uid"] == "opr_1"
    assert event["actor"]["session"] == {"uid": "ses_1"}
    assert event["api"]["operation"] == f"{method} /notes/{{id}}"
    assert [one["uid"] for one in event["resources"]] == [ADA.id]
    assert event["http_response"] == {"code": 201}
    assert (event["duration"], event["http_request"]["url"]) == (38, {"path": "/notes/7"})
    assert "user" not in event


def test_an_action_without_route_or_address_still_has_all_that_is_required() -> None:
    bare = Event(type=E.ACTION_INTENDED, action=action(route=None, status=None, duration_ms=None))
    event = ocsf(bare)
    assert event["api"]["operation"] == "POST /notes/7"
    assert event["src_endpoint"] == {"name": "unknown"}
    assert event["actor"] == {"user": {"uid": "unknown"}}
    forgotten = ocsf(bare, without=("personal",))
    assert forgotten["api"]["operation"] == "POST unknown"


@pytest.mark.parametrize(
    ("kind", "activity"),
    [
        (E.APPLICATION_CREATED, 1),
        (E.OPERATOR_INVITED, 1),
        (E.AUDIT_EXPORTED, 2),
        (E.SUBJECT_SAVED, 3),
        (E.KEYS_ROTATED, 3),
        (E.SUBJECT_DELETED, 4),
        (E.AUDIT_ERASED, 4),
        (E.OPERATOR_ENABLED, 8),
        (E.APPLICATION_DISABLED, 9),
        (E.GRANT_LAUNCHED, 99),
    ],
)
def test_administration_is_entity_management(kind: EventType, activity: int) -> None:
    event = ocsf(Event(type=kind, actor=SAM, application_id="app_1", reason="Cleaning up"))
    assert event["type_uid"] == 300400 + activity
    assert event["entity"]["type"] == kind.partition(".")[0]
    assert event["comment"] == "Cleaning up"


def test_the_managed_entity_is_whom_the_entry_is_about() -> None:
    saved = Event(type=E.SUBJECT_SAVED, actor=SAM, subject=ADA)
    assert ocsf(saved)["entity"] == {"name": "Ada Lovett", "uid": "user-1017", "type": "subject"}
    acme = Party(kind=PartyKind.ORGANIZATION, ref="org_1", id="acme")
    of_acme = Event(type=E.ORGANIZATION_SAVED, organization=acme)
    assert ocsf(of_acme)["entity"] == {"uid": "acme", "type": "organization"}
    keys = ocsf(Event(type=E.KEYS_ROTATED, actor=SYSTEM))
    assert keys["entity"] == {"uid": "keys", "type": "keys"}


def test_an_address_that_is_none_is_a_name() -> None:
    event = ocsf(replace(STARTED, address="proxy.internal"))
    assert event["src_endpoint"] == {"name": "proxy.internal"}


def test_what_is_left_of_an_erased_entry_is_a_base_event() -> None:
    event = ocsf(STARTED, without=("core", "personal"))
    assert (event["class_uid"], event["type_uid"], event["status_id"]) == (0, 99, 0)
    assert event["unmapped"] == {"understudy": {"erased": ["core", "personal"]}}
    assert "Lovett" not in json.dumps(event)


@given(hostile_events(), ERASED)
def test_every_event_has_what_its_class_requires_and_is_one_line(
    event: Event, without: tuple[str, ...]
) -> None:
    made = ocsf(event, without=without)
    line = json_line(made).decode()
    assert line.splitlines() == [line.removesuffix("\n")]
    assert json.loads(line) == made
