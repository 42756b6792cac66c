"""The service's JSON, read strictly."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.impersonation import BEGIN, SESSION, TOKEN
from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.restrictions import BlockedAction, Restrictions, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import Refused, Unavailable
from understudy.sdk.asks import WAITS, Ask, Granted
from understudy.sdk.outbox import MAX_BATCH
from understudy.sdk.secret import Secret
from understudy.sdk.values import Actor, Opened, Phase, RecordedAction
from understudy.sdk.wire import (
    print_actions,
    print_ask,
    read_cause,
    read_granted,
    read_held,
    read_object,
)

ANSWER: dict[str, Any] = {
    "session": {
        "id": "ses_1",
        "grant_id": "grt_1",
        "application_id": "app_1",
        "actor": {
            "kind": "operator",
            "id": "opr_1",
            "email": "sam@support.test",
            "name": "Sam Support",
        },
        "subject": {"id": "42", "email": None, "name": None},
        "organization": {"id": "acme", "name": "Acme"},
        "reason": "Cannot see the invoice",
        "ticket": "T-1",
        "scope": "full",
        "started_at": "2026-03-01T12:00:00Z",
        "ends_at": "2026-03-01T13:30:00+01:00",
        "idle_ends_at": "2026-03-01T12:10:00Z",
        "last_active_at": "2026-03-01T12:00:00Z",
        "origin": None,
        "ended_at": None,
        "end_cause": None,
        "marks": [],
    },
    "session_token": TOKEN.reveal(),
    "session_jwt": None,
    "subject": {
        "id": "42",
        "email": "ada@customer.test",
        "name": "Ada Customer",
        "roles": ["user"],
    },
    "organization": {"id": "acme", "name": "Acme"},
    "restrictions": {
        "scope": "full",
        "blocked_actions": [],
        "redaction": {"secrets": False, "rules": [], "open_routes": []},
        "unlocks": False,
    },
    "lease_expires_at": "2026-03-01T12:05:00Z",
    "server_time": "2026-03-01T12:00:00Z",
    "log_index": 7,
    "return_to": None,
    "told_as": None,
}


def read_opened(body: bytes) -> Opened:
    """The answer for a guard that holds no list."""
    return read_held(body, None)[0]


def answer(**changes: Any) -> bytes:
    return json.dumps({**ANSWER, **changes}).encode()


def session(**changes: Any) -> bytes:
    return answer(session={**ANSWER["session"], **changes})


def test_an_answer_becomes_a_value() -> None:
    assert read_opened(answer()) == Opened(
        session=SESSION,
        session_token=TOKEN,
        lease_expires_at=BEGIN + timedelta(minutes=5),
        server_time=BEGIN,
        log_index=7,
    )


def test_a_sessions_own_origin_is_told_of_and_missing_in_services_of_before() -> None:
    own = "https://understudy-abcdefghijklmnopqrstuvwxyz.view.app.example"
    assert read_opened(session(origin=own)).session.origin == own
    assert read_opened(session(origin=None)).session.origin is None
    assert read_opened(answer()).session.origin is None
    with pytest.raises(Unavailable):
        read_opened(session(origin=7))


def test_a_newer_service_may_say_more() -> None:
    assert read_opened(answer(added_later={"a": 1})) == read_opened(answer())


def test_what_may_be_missing_may_be_missing() -> None:
    opened = read_opened(answer(organization=None, return_to="/orders", told_as="Acme Support"))
    assert opened.session.organization is None
    assert (opened.return_to, opened.told_as) == ("/orders", "Acme Support")
    assert read_opened(answer(told_as=None)).told_as is None


def test_restrictions_are_read() -> None:
    rule = {"method": "POST", "pattern": "/a/{b}", "label": "A"}
    opened = read_opened(answer(restrictions={"scope": "read_only", "blocked_actions": [rule]}))
    assert opened.session.restrictions == Restrictions(
        scope=Scope.READ_ONLY,
        blocked_actions=(BlockedAction(method="POST", pattern="/a/{b}", label="A"),),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        answer(session=None),
        answer(session_token=5),
        answer(log_index=True),
        answer(log_index=1.0),
        answer(log_index="7"),
        answer(server_time="2026-03-01T12:00:00"),
        answer(server_time="noon"),
        answer(server_time=None),
        answer(subject={**ANSWER["subject"], "roles": ["user", 5]}),
        answer(subject={**ANSWER["subject"], "roles": "user"}),
        answer(subject={**ANSWER["subject"], "email": 5}),
        answer(organization=[]),
        answer(restrictions={"scope": "everything", "blocked_actions": []}),
        answer(restrictions={"scope": "full", "blocked_actions": ["POST /"]}),
        session(id=None),
        session(actor=None),
        answer().replace(b'"log_index": 7', b'"log_index": 7, "log_index": 8'),
        answer().replace(b'"log_index": 7', b'"log_index": NaN'),
    ],
)
def test_an_answer_that_cannot_be_understood_counts_as_none(body: bytes) -> None:
    with pytest.raises(Unavailable) as refused:
        read_opened(body)
    assert refused.value.code == "unavailable"


def test_the_token_is_not_in_what_is_printed_of_an_answer() -> None:
    assert TOKEN.reveal() not in repr(read_opened(answer()))


def test_causes_are_read_and_unknown_ones_are_none() -> None:
    assert read_cause("revoked") is EndCause.REVOKED
    assert read_cause("invented_later") is None
    assert read_cause(None) is None


def test_actions_are_printed_with_the_facts_that_are_there() -> None:
    action = RecordedAction("abc-1", Phase.COMPLETED, BEGIN, "GET", "/ä", status=200, duration_ms=3)
    assert json.loads(print_actions([action])) == {
        "actions": [
            {
                "id": "abc-1",
                "phase": "completed",
                "at": "2026-03-01T12:00:00+00:00",
                "method": "GET",
                "path": "/ä",
                "status": 200,
                "duration_ms": 3,
            }
        ]
    }


def test_the_largest_batch_fits_what_the_service_reads() -> None:
    pytest.importorskip("msgspec")
    from understudy.http.endpoint import MAX_BATCH_BYTES

    widest = "\U0001f600"
    action = RecordedAction(
        "i" * 64,
        Phase.COMPLETED,
        BEGIN,
        "M" * 20,
        widest * 2000,
        widest * 500,
        599,
        86_400_000,
        "r" * 40,
        "a" * 64,
        widest * 500,
    )
    assert len(print_actions([action] * MAX_BATCH)) <= MAX_BATCH_BYTES


def test_a_path_that_is_no_text_is_printed_all_the_same() -> None:
    action = RecordedAction("a-1", Phase.COMPLETED, BEGIN, "GET", "/\udcff")
    assert json.loads(print_actions([action]))["actions"][0]["path"] == "/?"


def test_an_action_is_read_by_the_services_own_types() -> None:
    msgspec = pytest.importorskip("msgspec")
    from understudy.wires.native.schemas.impersonations import RecordActions

    action = RecordedAction(
        "abcdefgh-1",
        Phase.BLOCKED,
        BEGIN,
        "DELETE",
        "/keys/7",
        "/keys/{id}",
        403,
        0,
        "action_blocked",
        "192.0.2.1",
        "curl",
    )
    batch = msgspec.json.decode(print_actions([action]), type=RecordActions)
    assert batch.actions[0].rule == "action_blocked"
    assert batch.actions[0].at == BEGIN


def test_what_the_service_prints_is_read() -> None:
    msgspec = pytest.importorskip("msgspec")
    from understudy.wires.native.schemas.impersonations import OpenSession

    printed = msgspec.json.encode(msgspec.json.decode(answer(), type=OpenSession))
    assert read_opened(printed) == read_opened(answer())


def test_an_object_is_taken_apart_by_name() -> None:
    fields = read_object(b'{"a": "x", "b": null, "c": 5, "d": {"e": "y"}, "f": [{"g": "z"}]}')
    assert fields.text("a") == "x"
    assert fields.optional_text("b") is None
    assert fields.optional_text("missing") is None
    assert fields.number("c") == 5
    assert fields.object("d").text("e") == "y"
    assert fields.objects("f")[0].text("g") == "z"
    assert fields.optional_object("b") is None


def test_a_secret_token_survives_the_wire() -> None:
    assert read_opened(answer()).session_token == Secret(TOKEN.reveal())


def test_an_ask_names_the_actor_and_leaves_out_what_is_absent() -> None:
    asked = Ask(actor=Actor(id="7", name="Kim"), subject_id="42", reason="why", minutes=5)
    assert json.loads(print_ask(asked)) == {
        "actor": {"id": "7", "name": "Kim"},
        "subject_id": "42",
        "reason": "why",
        "minutes": 5,
        # Whatever the application's hand-off is: the SDK exchanges this token itself.
        "wire": "native",
    }


def test_an_ask_says_the_groups_of_the_actor_where_there_are_any() -> None:
    kim = Actor(id="7", groups=("billing", "leads"))
    asked = json.loads(print_ask(Ask(actor=kim, subject_id="42", reason="why")))
    assert asked["actor"] == {"id": "7", "groups": ["billing", "leads"]}


def test_a_grant_without_a_token_is_nothing_to_go_on_with() -> None:
    body = {"grant": {"id": "grt_1", "origin": None}, "impersonation_token": None}
    with refusal_of(Unavailable, "unavailable"):
        read_granted(json.dumps(body).encode())
    granted = read_granted(json.dumps({**body, "impersonation_token": "usi_1"}).encode())
    assert granted == Granted(grant_id="grt_1", token=Secret("usi_1"))
    assert "usi_1" not in repr(granted)


def test_a_grant_that_waits_for_others_says_so() -> None:
    body = {"grant": {"id": "grt_1", "status": "pending"}, "impersonation_token": None}
    with refusal_of(Refused, "refused", rule="approval_missing") as caught:
        read_granted(json.dumps(body).encode())
    assert caught.value.detail == WAITS
