"""django-easy-audit in a session: changes and requests are the subject's, by the actor."""

from __future__ import annotations

from typing import Any

import pytest

Recorded = dict[str, dict[str, Any]]
WORDS = "# actor opr_sam, session ses_00000001"


@pytest.mark.parametrize("step", ["plainly", "async", "served"])
def test_a_change_in_a_session_is_the_subjects_by_the_actor(
    recorded: Recorded, ids: dict[str, str], step: str
) -> None:
    assert recorded[step]["easyaudit"] == [["ada", ids]]


@pytest.mark.parametrize("step", ["own", "after", "own_async", "marked"])
def test_a_users_own_change_is_recorded_as_ever(recorded: Recorded, step: str) -> None:
    assert recorded[step]["easyaudit"] == [["kim", None]]


def test_a_job_is_recorded_as_who_has_caused_it(recorded: Recorded, ids: dict[str, str]) -> None:
    assert recorded["job"]["easyaudit"] == [[None, ids]]
    assert recorded["own_job"]["easyaudit"] == [[None, None]]


def test_who_has_caused_it_is_told_also_where_nothing_else_is(
    recorded: Recorded, ids: dict[str, str]
) -> None:
    assert recorded["told_nothing"]["easyaudit"] == [[None, ids]]


@pytest.mark.parametrize(
    ("step", "path", "query"),
    [
        ("plainly", "/change", "how=plainly "),
        ("queued", "/queue", ""),
        ("async", "/achange", "a=1 "),
        ("served", "/achange", "a=1 "),
    ],
)
def test_a_request_in_a_session_is_the_subjects_and_not_the_agents(
    recorded: Recorded, step: str, path: str, query: str
) -> None:
    assert recorded[step]["requests"] == [["ada", "POST", path, f"{query}{WORDS}"]]


@pytest.mark.parametrize(
    ("step", "path", "query"),
    [
        ("own", "/change", "how=plainly"),
        ("after", "/change", ""),
        ("marked", "/change", "why=understudy"),
        ("own_async", "/achange", "why=understudy"),
    ],
)
def test_a_users_own_request_is_recorded_once_and_as_ever(
    recorded: Recorded, step: str, path: str, query: str
) -> None:
    assert recorded[step]["requests"] == [["kim", "POST", path, query]]


def test_what_the_guard_answers_or_refuses_is_no_request_of_the_apps(recorded: Recorded) -> None:
    # With it, what stands in our own addresses would be kept.
    assert recorded["guarded"] == {**recorded["guarded"], "status": 200, "requests": []}
    assert recorded["unknown"] == {**recorded["unknown"], "status": 401, "requests": []}
