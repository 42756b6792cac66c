from __future__ import annotations

from datetime import timedelta

import pytest

from understudy.core.governance.policy_terms import (
    Confirmation,
    PolicyTerms,
    policy_terms_within_bounds,
)


def test_a_change_holds_at_once_unless_it_has_to_be_confirmed() -> None:
    assert PolicyTerms().at_once
    assert not PolicyTerms(confirmation=Confirmation.SECOND_ADMIN).at_once
    assert not PolicyTerms(confirmation=Confirmation.DELAY).at_once


def test_a_way_to_confirm_that_only_a_newer_version_knows_is_no_leave() -> None:
    assert not PolicyTerms(confirmation="by_vote").at_once  # type: ignore[arg-type]


def test_an_entry_says_what_a_change_needs() -> None:
    assert PolicyTerms(confirmation=Confirmation.SECOND_ADMIN).told == "second_admin"
    assert PolicyTerms(confirmation=Confirmation.DELAY).told == "delay of 24 hours"


def test_only_a_delay_delays() -> None:
    assert PolicyTerms(confirmation=Confirmation.DELAY, delay_hours=2).delay == timedelta(hours=2)
    assert PolicyTerms(confirmation=Confirmation.SECOND_ADMIN).delay == timedelta(0)


@pytest.mark.parametrize("hours", [0, -1, 721])
def test_a_delay_that_nobody_could_have_set_is_the_longest(hours: int) -> None:
    kept = policy_terms_within_bounds(
        PolicyTerms(confirmation=Confirmation.DELAY, delay_hours=hours, unknown={"more": 1})
    )
    assert (kept.delay_hours, kept.confirmation) == (720, Confirmation.DELAY)
    assert kept.unknown == {"more": 1}
    assert policy_terms_within_bounds(PolicyTerms(delay_hours=720)).delay_hours == 720
