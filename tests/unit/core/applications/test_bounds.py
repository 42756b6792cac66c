from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from understudy.core.applications.application import ApplicationSettings
from understudy.core.applications.bounds import within_bounds
from understudy.core.governance.approvals import ApprovalTerms

SET = ApplicationSettings(
    default_minutes=5,
    max_minutes=60,
    idle_minutes=1,
    reason_min_length=500,
    retention_days=3_650,
    role_ranks={"owner": 0, "admin": 1_000},
    session_origins="https://*.view.app.example",
)


def test_what_can_be_set_stands() -> None:
    assert within_bounds(SET) == SET
    assert within_bounds(ApplicationSettings()) == ApplicationSettings()


@pytest.mark.parametrize(
    ("name", "given", "held"),
    [
        ("max_minutes", 61, 1),
        ("max_minutes", 0, 1),
        ("idle_minutes", 61, 1),
        ("idle_minutes", -1, 1),
        ("reason_min_length", 0, 500),
        ("reason_min_length", 501, 500),
        ("retention_days", -1, 3_650),
        ("retention_days", 0, 3_650),
        ("retention_days", 3_651, 3_650),
        ("session_origins", "https://view.app.example", None),
        ("session_origins", "http://*.view.app.example", None),
        ("session_origins", "", None),
        ("role_ranks", {"owner": -1}, {"owner": 1_000}),
        ("role_ranks", {"owner": 1_001}, {"owner": 1_000}),
    ],
)
def test_what_nobody_could_have_set_permits_the_least(name: str, given: Any, held: Any) -> None:
    assert getattr(within_bounds(replace(SET, **{name: given})), name) == held


@pytest.mark.parametrize(
    ("name", "given", "held"),
    [
        ("quorum", -1, 5),
        ("quorum", 6, 5),
        ("quorum", 5, 5),
        ("quorum", 0, 0),
        ("pending_minutes", 481, 1),
        ("pending_minutes", 0, 1),
        ("pending_minutes", 480, 480),
        ("break_glass_minutes", 61, 1),
        ("break_glass_minutes", 60, 60),
    ],
)
def test_terms_of_approval_that_nobody_could_have_set_ask_for_the_most(
    name: str, given: int, held: int
) -> None:
    terms = replace(ApprovalTerms(), **{name: given})  # type: ignore[arg-type]
    assert getattr(within_bounds(replace(SET, approval=terms)).approval, name) == held


def test_nobody_gets_more_minutes_than_there_are() -> None:
    assert within_bounds(replace(SET, max_minutes=7, default_minutes=9)).default_minutes == 7
    assert within_bounds(replace(SET, default_minutes=1_000)).default_minutes == 1
