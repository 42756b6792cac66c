"""Django's tasks, by the worker of the backend that keeps them in the database, and at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.django_process import told_by

REFUSED = ["forbidden_while_impersonating", None]
Told = dict[str, list[Any]]


@pytest.fixture(scope="module")
def site() -> dict[str, Told]:
    """What the tasks of the site have seen, by backend and case."""
    found: dict[str, Told] = told_by("tests.integration.contrib.jobs.django_tasks_site")
    return found


@pytest.fixture(params=["default", "at_once"], ids=["worker", "at once"])
def told(request: pytest.FixtureRequest, site: dict[str, Told]) -> Told:
    """Both ways."""
    return site[request.param]


def test_a_task_and_its_child_know_who_caused_them_and_the_next_is_nobody_s(told: Told) -> None:
    names = ("sync", "async", "from a loop", "parent", "child")
    by_sam = [[name, "opr_1"] for name in names]
    assert sorted(told["carried"], key=str) == sorted(
        [*by_sam, ["parent", None], ["child", None]], key=str
    )


def test_what_is_forbidden_is_not_enqueued_in_a_session(told: Told) -> None:
    assert told["forbidden"] == [REFUSED, REFUSED, ["closed", None]]


def test_a_session_that_may_only_read_enqueues_what_is_allowed_there_alone(told: Told) -> None:
    assert told["read_only"] == [REFUSED, REFUSED, ["warmed", "opr_1"]]


def test_a_task_that_is_called_as_a_function_is_part_of_the_request(told: Told) -> None:
    assert told["called"] == [REFUSED]
