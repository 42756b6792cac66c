"""Whatever is no plain yes is a no, and nobody is reached who may not be."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest

from tests.fixtures.decision_point import JSON, LOOPBACK, Pdp, deciding, refuses
from tests.fixtures.vault import VAULT
from tests.integration.webhooks.receiver import Reaction, Received, receiving
from tests.unit.webhooks.servers import SECONDS
from understudy.core.governance.decision_points import NO_TIME, DecisionPoint, Inquiry, Opinion
from understudy.core.governance.policies import Moment, PolicyQuestion
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.receivers import NOTHING_INTERNAL, InternalTargets
from understudy.core.people.principals import ActorKind
from understudy.flows.applications.decision_point import sealed
from understudy.webhooks.decision_points import DecisionPoints

APP = "app_1"
QUESTION = PolicyQuestion(
    moment=Moment.START,
    now=NO_TIME,
    actor_kind=ActorKind.NAMED_BY_APPLICATION,
    actor_id="kim",
    actor_email=None,
    actor_rank=100,
    actor_roles=(),
    subject_id="ada",
    subject_email=None,
    subject_roles=("owner",),
    subject_rank=50,
    subject_protected=False,
    organization_id=None,
    reason="Cannot find the reports tab",
    ticket=None,
    minutes=30,
    scope=Scope.READ_ONLY,
    actor_groups=("leads",),
    subject_tags=("vip",),
)


def no_tls() -> ssl.SSLContext:
    raise AssertionError("plain http needs no certificates")


def ask(point: DecisionPoint, *, internal: InternalTargets = LOOPBACK) -> Opinion:
    made = DecisionPoints(vault=VAULT, internal=internal, tls=no_tls, timer=time.monotonic)
    return made.ask(Inquiry(application_id=APP, point=point, question=QUESTION))


@pytest.fixture
def pdp() -> Iterator[Pdp]:
    with deciding() as found:
        yield found


def test_what_nobody_knows_is_left_out(pdp: Pdp) -> None:
    assert ask(pdp.point) == Opinion(permitted=True)
    (question,) = pdp.asked
    assert question["subject"] == {
        "type": "actor",
        "id": "kim",
        "properties": {
            "kind": "named_by_application",
            "rank": 100,
            "roles": [],
            "groups": ["leads"],
        },
    }
    told = {"rank": 50, "roles": ["owner"], "tags": ["vip"]}
    assert question["resource"]["properties"] == told
    assert question["context"] == {
        "application_id": APP,
        "moment": "start",
        "reason": "Cannot find the reports tab",
        "minutes": 30,
        "scope": "read_only",
    }
    (headers,) = pdp.headers
    assert headers["content-type"] == headers["accept"] == "application/json"
    assert headers["user-agent"] == "Understudy/1"
    assert "authorization" not in headers


@pytest.mark.parametrize(
    ("credential", "sent"),
    [("abc.def", "Bearer abc.def"), ("Basic dTpw", "Basic dTpw")],
)
def test_a_credential_is_a_bearer_token_unless_it_says_otherwise(
    pdp: Pdp, credential: str, sent: str
) -> None:
    point = replace(pdp.point, credential=sealed(VAULT, APP, credential))
    assert ask(point).permitted
    assert pdp.headers[0]["authorization"] == sent


@pytest.mark.parametrize(
    "kept",
    [sealed(VAULT, "app_2", "abc"), "AAAA", "no base64"],
    ids=["of another", "too short", "no base64"],
)
def test_a_credential_of_another_application_is_sent_to_nobody(pdp: Pdp, kept: str) -> None:
    found = ask(replace(pdp.point, credential=kept))
    assert found == Opinion(permitted=False, fault="Its credential cannot be read any more.")
    assert pdp.asked == []


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ({"reason": "not_on_call"}, "not_on_call"),
        ({"reason_admin": {"403": "Not on call"}, "reason_user": {"403": "No"}}, "Not on call"),
        ({"reason_admin": {}}, None),
        ({"reason": 7}, None),
        ({"reason": "line\nline\x1b[31m"}, "line\nline\ufffd[31m"),
        ({"reason": "x" * 5_000}, "x" * 300),
        ({}, None),
    ],
)
def test_a_reason_is_data_cut_and_cleaned(
    pdp: Pdp, context: dict[str, object], reason: str | None
) -> None:
    pdp.decide = lambda _: {"decision": False, "context": context}
    assert ask(pdp.point) == Opinion(permitted=False, reason=reason)


NO_DECISION = "What it answered is no decision."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"true",
        b"{}",
        b'{"decision": "true"}',
        b'{"decision": 1}',
        b'{"decision": null}',
        b'{"decision": true',
        b'[{"decision": true}]',
        b'{"decision": true, "context": []}',
        b'{"evaluations": [{"decision": true}]}',
        b'{"decision": true, "context": {"a": ' + b"[" * 60_000 + b"}}",
        b'{"decision": true, "context": {"a": "' + b"x" * 70_000 + b'"}}',
        b'\xff{"decision": true}',
    ],
    ids=lambda body: body[:40],
)
def test_what_is_no_decision_is_a_no(pdp: Pdp, body: bytes) -> None:
    pdp.decide = lambda _: Reaction(status=200, headers=JSON, body=body)
    assert ask(pdp.point) == Opinion(permitted=False, fault=NO_DECISION)


@pytest.mark.parametrize("status", [201, 204, 301, 307, 401, 403, 404, 429, 500, 503])
def test_another_status_is_a_no_whatever_else_it_says(pdp: Pdp, status: int) -> None:
    body = b"" if status == 204 else b'{"decision": true}'
    with receiving() as elsewhere:
        headers = JSON | {"Location": elsewhere.url}
        pdp.decide = lambda _: Reaction(status=status, headers=headers, body=body)
        found = ask(pdp.point)
        assert elsewhere.requests.empty()
    assert found == Opinion(permitted=False, fault=f"It answered with the status {status}.")


def test_slowness_is_a_no_in_its_own_time() -> None:
    hang_up = Event()

    def sleepy(_: Received) -> Reaction:
        hang_up.wait(SECONDS)
        return Reaction(status=200, headers=JSON, body=b'{"decision": true}')

    with receiving(sleepy) as receiver:
        found = ask(DecisionPoint(url=receiver.url, timeout_ms=80))
        hang_up.set()
    assert not found.permitted
    assert found.fault == "There was no whole answer within 0.08 seconds."


def test_nobody_there_is_a_no() -> None:
    with receiving() as gone:
        url = gone.url
    found = ask(DecisionPoint(url=url, timeout_ms=5_000))
    assert not found.permitted
    assert found.fault is not None
    assert found.fault.startswith("Nobody could be reached")


def test_an_address_inside_is_reached_only_where_it_was_named(pdp: Pdp) -> None:
    found = ask(pdp.point, internal=NOTHING_INTERNAL)
    assert not found.permitted
    assert found.fault is not None
    assert "UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS" in found.fault
    assert pdp.asked == []


def test_a_no_says_so(pdp: Pdp) -> None:
    pdp.decide = refuses
    assert ask(pdp.point) == Opinion(permitted=False, reason="not_on_call")
