from __future__ import annotations

import pytest

from understudy.core.governance.budgets import OthersOfActor, is_spent
from understudy.core.governance.insiders import InsiderLimits, limits_within_bounds


@pytest.mark.parametrize(
    ("an_hour", "a_day", "spent"),
    [(0, 0, False), (1, 4, False), (2, 2, True), (0, 5, True), (3, 9, True)],
)
def test_a_budget_is_spent_when_either_number_is_reached(
    an_hour: int, a_day: int, spent: bool
) -> None:
    limits = InsiderLimits(subjects_an_hour=2, subjects_a_day=5)
    assert is_spent(limits, OthersOfActor(an_hour=an_hour, a_day=a_day)) is spent


def test_without_limits_nothing_is_counted() -> None:
    assert not InsiderLimits().has_budget
    assert not is_spent(InsiderLimits(), OthersOfActor(an_hour=10_000, a_day=10_000))
    assert InsiderLimits(subjects_an_hour=1).has_budget
    assert InsiderLimits(subjects_a_day=1).has_budget


@pytest.mark.parametrize("given", [0, -1, 10_001])
def test_a_number_that_nobody_could_have_set_is_the_least(given: int) -> None:
    held = limits_within_bounds(InsiderLimits(subjects_an_hour=given, look_ups_an_hour=given))
    assert held == InsiderLimits(subjects_an_hour=1, look_ups_an_hour=1)


def test_what_can_be_set_stands() -> None:
    for limits in (InsiderLimits(), InsiderLimits(subjects_an_hour=1, subjects_a_day=10_000)):
        assert limits_within_bounds(limits) == limits
