"""django-auditlog in a session: its actor is the subject, and its additional data tell more."""

from __future__ import annotations

from typing import Any

import pytest

Recorded = dict[str, dict[str, Any]]


@pytest.mark.parametrize("step", ["plainly", "async", "served", "by_tags"])
def test_a_change_in_a_session_is_the_subjects_by_the_actor(
    recorded: Recorded, ids: dict[str, str], step: str
) -> None:
    assert recorded[step]["auditlog"] == [["ada", {"understudy": ids}]]


@pytest.mark.parametrize("step", ["own", "after", "own_async", "marked"])
def test_a_users_own_change_is_recorded_as_ever(recorded: Recorded, step: str) -> None:
    assert recorded[step]["auditlog"] == [["kim", None]]


def test_what_the_model_gives_is_kept_beside_ours(recorded: Recorded, ids: dict[str, str]) -> None:
    assert recorded["saying_why"]["auditlog"] == [["ada", {"shop": 7, "understudy": ids}]]
    # What is no object has no room for ours.
    assert recorded["saying_much"]["auditlog"] == [
        ["ada", {"data": ["shop", 7], "understudy": ids}]
    ]


def test_what_the_site_gives_for_all_entries_does_not_stand_in_place_of_ours(
    recorded: Recorded, ids: dict[str, str]
) -> None:
    # Without the middleware's own data auditlog knows no user there, in a session or out of it.
    assert recorded["by_extra_data"]["auditlog"] == [[None, {"shop": 8, "understudy": ids}]]


def test_an_entry_of_before_that_is_stored_again_stays_what_it_is(recorded: Recorded) -> None:
    assert recorded["an_old_entry"]["auditlog"] == [["ada", None]]


def test_a_job_is_recorded_as_who_has_caused_it(recorded: Recorded, ids: dict[str, str]) -> None:
    assert recorded["job"]["auditlog"] == [[None, {"understudy": ids}]]
    assert recorded["own_job"]["auditlog"] == [[None, None]]
