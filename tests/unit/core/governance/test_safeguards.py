from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.core.factories import NOW
from understudy.core.governance.decision_points import LEAST_MS, DecisionPoint
from understudy.core.governance.policy_terms import MOST_DELAY_HOURS, Confirmation, PolicyTerms
from understudy.core.governance.safeguards import Loosening, loosening_within_bounds, moves

NONE = PolicyTerms()
TWO = PolicyTerms(confirmation=Confirmation.SECOND_ADMIN)
DAY = PolicyTerms(confirmation=Confirmation.DELAY, delay_hours=24)
HOUR = replace(DAY, delay_hours=1)
POINT = DecisionPoint(url="https://pdp.example/")


@pytest.mark.parametrize(
    ("before", "after", "looser"),
    [
        (NONE, TWO, False),
        (NONE, DAY, False),
        (TWO, NONE, True),
        (TWO, DAY, True),
        (TWO, replace(TWO, delay_hours=1), False),
        (DAY, NONE, True),
        (DAY, TWO, True),
        (DAY, HOUR, True),
        (HOUR, DAY, False),
        (DAY, DAY, False),
    ],
)
def test_what_asks_for_less_or_for_something_else_is_looser(
    before: PolicyTerms, after: PolicyTerms, looser: bool
) -> None:
    assert before.loosen_to(after) is looser


def test_a_decision_point_moves_to_another_place_or_to_none() -> None:
    assert moves(POINT, None)
    assert moves(POINT, replace(POINT, url="https://mine.example/"))
    assert not moves(None, POINT)
    assert not moves(None, None)
    assert not moves(POINT, replace(POINT, timeout_ms=200, credential="bmV3"))


def test_what_waits_is_held_to_its_bounds() -> None:
    waits = Loosening(
        id="lsn_1",
        terms=replace(DAY, delay_hours=0),
        decision_point=replace(POINT, timeout_ms=0),
        set_by="opr_1",
        set_at=NOW,
        confirmable_at=NOW,
    )
    assert loosening_within_bounds(waits) == replace(
        waits,
        terms=replace(DAY, delay_hours=MOST_DELAY_HOURS),
        decision_point=replace(POINT, timeout_ms=LEAST_MS),
    )
    bare = replace(waits, terms=None, decision_point=None)
    assert loosening_within_bounds(bare) == bare
    assert loosening_within_bounds(None) is None
