"""What a fake service makes of impersonation requests."""

from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import Refused
from understudy.sdk.asks import Ask
from understudy.sdk.values import Actor
from understudy.testing import FakeGateway

KIM = Actor(id="staff-7", name="Kim")


def ask(subject_id: str) -> Ask:
    return Ask(actor=KIM, subject_id=subject_id, reason="Cannot see the invoice")


def test_everybody_exists_until_a_test_names_somebody() -> None:
    gateway = FakeGateway()
    gateway.request(ask("anybody"))
    gateway.user("ada")
    gateway.request(ask("ada"))
    with refusal_of(Refused, "refused", rule="subject_unknown"):
        gateway.request(ask("anybody"))


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"protected": True}, "subject_protected"),
        ({"disabled": True}, "subject_inactive"),
        ({"roles": ["owner"]}, "subject_outranks"),
    ],
)
def test_users_are_out_of_reach_as_they_are_named(facts: dict[str, object], rule: str) -> None:
    gateway = FakeGateway()
    gateway.user("ada", **facts)  # type: ignore[arg-type]  # one fact a case
    with refusal_of(Refused, "refused", rule=rule):
        gateway.request(ask("ada"))
