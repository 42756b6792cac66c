from __future__ import annotations

from datetime import UTC, datetime

import pytest

from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.working_hours import WorkingHours
from understudy.core.impersonation.grants import Mark
from understudy.flows.impersonation.marks import marked, zone


@pytest.mark.parametrize("name", ["Nowhere/AtAll", "../../etc/passwd", "/etc/passwd", "", "Europe"])
def test_what_is_no_time_zone_is_none(name: str) -> None:
    assert zone(name) is None


@pytest.mark.parametrize(
    ("time_zone", "marks"),
    [("UTC", (Mark.OFF_HOURS,)), ("Europe/Berlin", None), ("Nowhere/AtAll", (Mark.OFF_HOURS,))],
)
def test_hours_are_those_of_the_place(time_zone: str, marks: tuple[Mark, ...] | None) -> None:
    hours = WorkingHours(time_zone=time_zone, days=(1,), begins=600, ends=660)
    now = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    limits = InsiderLimits(working_hours=hours)
    assert marked(limits, ticket=None, now=now, taken_over=False) == marks
