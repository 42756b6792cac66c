from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.core.factories import NOW, application, ask, settings, snapshot
from understudy.core.governance.decision_points import (
    LEAST_MS,
    MOST_MS,
    NO_TIME,
    NOTHING_SAID,
    DecisionPoint,
    Inquiry,
    Opinion,
    Outside,
    Unasked,
    point_within_bounds,
)
from understudy.core.rules.decision import Deny, Permit
from understudy.core.rules.outside import DECISION_POINT_REFUSES, opinion_on
from understudy.core.rules.policy import asked, decide, standing
from understudy.core.rules.question import Snapshot
from understudy.core.rules.subject import SUBJECT_UNKNOWN

POINT = DecisionPoint(url="https://pdp.example/access/v1/evaluation", credential="c2VjcmV0")
APP = application(settings=settings(decision_point=POINT))
OUTSIDE = Outside(application_id=APP.id, point=POINT, opinions=NOTHING_SAID)


def seen(**changes: object) -> Snapshot:
    return snapshot(application=APP, outside=replace(OUTSIDE, **changes))  # type: ignore[arg-type]


def inquiry_for(looked: Snapshot) -> Inquiry:
    with pytest.raises(Unasked) as unasked:
        decide(ask(), looked)
    return unasked.value.inquiry


def test_without_an_answer_there_is_no_decision_but_an_inquiry() -> None:
    inquiry = inquiry_for(seen(address="192.0.2.1"))
    assert (inquiry.application_id, inquiry.point) == (APP.id, POINT)
    assert (inquiry.question.subject_id, inquiry.question.address) == ("ada", "192.0.2.1")
    # The same inquiry a moment later is the same.
    assert inquiry.question.now == NO_TIME != NOW


def test_a_plain_yes_permits_and_a_no_refuses() -> None:
    inquiry = inquiry_for(seen())
    for permitted, expected in ((True, Permit), (False, Deny)):
        told = {inquiry: Opinion(permitted=permitted)}
        decision = decide(ask(), seen(opinions=told))
        assert isinstance(decision, expected)
    assert decision == Deny(rule=DECISION_POINT_REFUSES)


def test_an_answer_about_something_else_is_none() -> None:
    told = {inquiry_for(seen()): Opinion(permitted=True)}
    with pytest.raises(Unasked):
        decide(ask(reason="Another reason for it"), seen(opinions=told))
    with pytest.raises(Unasked):
        decide(ask(), seen(opinions=told, point=replace(POINT, url="https://other.example/")))


def test_whoever_has_no_way_to_ask_is_refused() -> None:
    assert decide(ask(), snapshot(application=APP)) == Deny(rule=DECISION_POINT_REFUSES)
    question = asked(ask(), APP, seen())
    assert opinion_on(replace(question, seen=Snapshot(application=APP, subject=None))) is None


def test_it_is_not_asked_about_nobody() -> None:
    nobody = replace(seen(), subject=None)
    assert not DECISION_POINT_REFUSES.refuses(asked(ask(), APP, nobody))
    assert decide(ask(), nobody) == Deny(rule=SUBJECT_UNKNOWN)


def test_what_lives_is_not_asked_about() -> None:
    assert DECISION_POINT_REFUSES.end_cause is None
    assert standing(ask().actor, None, replace(seen(), subject=None)) is not None
    organization_id = snapshot().subject.organization_id  # type: ignore[union-attr]
    assert standing(ask().actor, organization_id, seen()) is None


@pytest.mark.parametrize("timeout", [LEAST_MS - 1, MOST_MS + 1, -1])
def test_a_time_that_nobody_could_have_set_is_the_shortest(timeout: int) -> None:
    forged = replace(POINT, timeout_ms=timeout, unknown={"more": 1})
    found = point_within_bounds(forged)
    assert found == replace(POINT, timeout_ms=LEAST_MS)
    assert found.unknown == {"more": 1}
    assert point_within_bounds(POINT) is POINT
    assert point_within_bounds(None) is None


def test_a_credential_is_not_shown() -> None:
    assert "c2VjcmV0" not in repr(POINT)
