"""django-simple-history in a session: the subject is its user, and the change reason tells more."""

from __future__ import annotations

from typing import Any

import pytest

Recorded = dict[str, dict[str, Any]]
WORDS = "actor opr_sam, session ses_00000001"


@pytest.mark.parametrize("step", ["plainly", "async", "served"])
def test_a_change_in_a_session_is_the_subjects_by_the_actor(recorded: Recorded, step: str) -> None:
    assert recorded[step]["simple_history"] == [["ada", WORDS]]


@pytest.mark.parametrize("step", ["own", "after", "own_async", "marked"])
def test_a_users_own_change_is_recorded_as_ever(recorded: Recorded, step: str) -> None:
    assert recorded[step]["simple_history"] == [["kim", None]]


def test_the_apps_own_reason_comes_first(recorded: Recorded) -> None:
    assert recorded["saying_why"]["simple_history"] == [["ada", f"Refund ({WORDS})"]]


def test_a_reason_that_is_too_long_gives_way(recorded: Recorded) -> None:
    [[user, reason]] = recorded["saying_much"]["simple_history"]
    assert user == "ada"
    assert reason.startswith("Refund Refund ")
    assert reason.endswith(f"… ({WORDS})")
    assert len(reason) == 100


def test_changes_in_bulk_tell_it_by_the_reason_that_they_are_given(recorded: Recorded) -> None:
    assert recorded["in_bulk"]["simple_history"] == [["ada", f"Import ({WORDS})"]] * 2
    assert recorded["own_in_bulk"]["simple_history"] == [["kim", "Import"]] * 2


def test_a_job_is_recorded_as_who_has_caused_it(recorded: Recorded) -> None:
    assert recorded["job"]["simple_history"] == [[None, WORDS]]
    assert recorded["own_job"]["simple_history"] == [[None, None]]
