from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.core.factories import NOW
from understudy.core.notices.denials import WINDOW, FoldedDenial, fingerprint
from understudy.core.notices.events import Event, EventType, Outcome, Party, PartyKind

ACTOR = Party(kind=PartyKind.OPERATOR, ref="act_1", id="opr_1", email="kim@support.example")
EVENT = Event(
    type=EventType.GRANT_DENIED,
    application_id="app_1",
    actor=ACTOR,
    doer=Party(kind=PartyKind.APPLICATION, ref="app_1"),
    subject=Party(kind=PartyKind.SUBJECT, ref="sub_1", id="ada"),
    organization=Party(kind=PartyKind.ORGANIZATION, ref="org_1", id="acme"),
    outcome=Outcome.DENIED,
    rule="subject_protected",
    reason="Looking at the invoice",
    address="192.0.2.7",
)


def test_what_was_typed_as_a_reason_makes_no_difference() -> None:
    assert fingerprint(replace(EVENT, reason="Another one", ticket="T-1")) == fingerprint(EVENT)


@pytest.mark.parametrize(
    "other",
    [
        {"type": EventType.TOKEN_REFUSED},
        {"rule": "not_allowed"},
        {"address": "192.0.2.8"},
        {"application_id": "app_2"},
        {"actor": replace(ACTOR, ref="act_2")},
        {"subject": Party(kind=PartyKind.SUBJECT, id="bob")},
    ],
    ids=lambda one: next(iter(one)),
)
def test_what_differs_in_more_is_of_another_kind(other: dict[str, object]) -> None:
    assert fingerprint(replace(EVENT, **other)) != fingerprint(EVENT)  # type: ignore[arg-type]


def test_it_counts_for_its_minute_and_not_before_it_began() -> None:
    denial = FoldedDenial.of(EVENT, NOW)
    assert denial.counts(NOW)
    assert denial.counts(NOW + WINDOW - timedelta(milliseconds=1))
    assert not denial.counts(NOW + WINDOW)
    assert not denial.counts(NOW - timedelta(milliseconds=1))


def test_what_stands_for_the_others_names_nobody() -> None:
    told = replace(FoldedDenial.of(EVENT, NOW), repeats=7).event()
    assert told.personal_payload() == {}
    assert told.core_payload() == {
        **EVENT.core_payload(),
        "details": {"repeats": 7, "since_ms": int(NOW.timestamp() * 1000)},
    }


def test_facts_that_were_absent_stay_absent() -> None:
    bare = Event(type=EventType.TOKEN_REFUSED, outcome=Outcome.DENIED)
    told = FoldedDenial.of(bare, NOW).event()
    assert (told.actor, told.doer, told.subject, told.organization) == (None, None, None, None)
