"""django-reversion in a session: the subject is its user, and the comment tells of the actor."""

from __future__ import annotations

import json
from typing import Any

import pytest

Recorded = dict[str, dict[str, Any]]
WORDS = "actor opr_sam, session ses_00000001"


@pytest.mark.parametrize("step", ["plainly", "async", "served"])
def test_a_change_in_a_session_is_the_subjects_by_the_actor(recorded: Recorded, step: str) -> None:
    assert recorded[step]["reversion"] == [["ada", WORDS, WORDS]]


@pytest.mark.parametrize("step", ["own", "after", "own_async", "marked"])
def test_a_users_own_change_is_recorded_as_ever(recorded: Recorded, step: str) -> None:
    assert recorded[step]["reversion"] == [["kim", "", ""]]


@pytest.mark.parametrize(
    ("step", "comment"), [("saying_why", "Refund"), ("saying_much", "Refund\nof all")]
)
def test_the_apps_own_comment_comes_first(recorded: Recorded, step: str, comment: str) -> None:
    [[user, told, _]] = recorded[step]["reversion"]
    assert (user, told) == ("ada", f"{comment} ({WORDS})")


def test_the_admin_can_still_read_its_own_comments(recorded: Recorded, ids: dict[str, str]) -> None:
    [[user, comment, sentence]] = recorded["as_the_admin"]["reversion"]
    assert user == "ada"
    assert json.loads(comment)[1:] == [{"understudy": ids}]
    assert sentence == "Added order “5”."


def test_a_job_is_recorded_as_who_has_caused_it(recorded: Recorded) -> None:
    assert recorded["job"]["reversion"] == [[None, WORDS, WORDS]]
    assert recorded["own_job"]["reversion"] == [[None, "", ""]]
