from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from understudy.core.governance.insiders import InsiderLimits, limits_within_bounds
from understudy.core.governance.marks import marks_of
from understudy.core.governance.working_hours import WorkingHours
from understudy.core.impersonation.grants import Mark

OFFICE = WorkingHours(time_zone="UTC", days=(1, 2, 3, 4, 5), begins=540, ends=1050)
NIGHT = replace(OFFICE, days=(5,), begins=1320, ends=360)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in a week whose fifth is a Monday."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "moment", "within"),
    [
        (OFFICE, _at(5, 9), True),
        (OFFICE, _at(5, 8, 59), False),
        (OFFICE, _at(5, 17, 29), True),
        (OFFICE, _at(5, 17, 30), False),
        (OFFICE, _at(10, 12), False),
        (replace(OFFICE, ends=1440), _at(5, 23, 59), True),
        (NIGHT, _at(9, 22), True),
        (NIGHT, _at(9, 21, 59), False),
        (NIGHT, _at(10, 5, 59), True),
        (NIGHT, _at(10, 6), False),
        (NIGHT, _at(10, 22), False),
        (NIGHT, _at(9, 5), False),
        (replace(OFFICE, days=()), _at(5, 12), False),
    ],
)
def test_hours_cover_what_lies_between_them_on_their_days(
    hours: WorkingHours, moment: datetime, within: bool
) -> None:
    assert hours.cover(moment) is within


@pytest.mark.parametrize(
    "changes", [{"days": (0,)}, {"days": (8,)}, {"begins": 1440}, {"ends": 0}, {"ends": 1441}]
)
def test_hours_that_nobody_could_have_set_cover_nothing(changes: dict[str, Any]) -> None:
    given = replace(OFFICE, **changes)
    assert not given.makes_sense
    held = limits_within_bounds(InsiderLimits(working_hours=given)).working_hours
    assert held is not None
    assert held.days == ()


def test_hours_that_make_sense_stand_and_read_like_hours() -> None:
    limits = InsiderLimits(working_hours=OFFICE)
    assert limits_within_bounds(limits) == limits
    assert str(OFFICE) == "1,2,3,4,5 09:00-17:30 UTC"


@pytest.mark.parametrize(
    ("limits", "ticket", "local", "marks"),
    [
        (InsiderLimits(), None, None, None),
        (InsiderLimits(mark_ticketless=True), "SUP-1", None, None),
        (InsiderLimits(mark_ticketless=True), None, None, (Mark.TICKETLESS,)),
        (InsiderLimits(working_hours=OFFICE), None, _at(5, 9), None),
        (InsiderLimits(working_hours=OFFICE), None, _at(5, 8), (Mark.OFF_HOURS,)),
        (InsiderLimits(working_hours=OFFICE), None, None, (Mark.OFF_HOURS,)),
        (
            InsiderLimits(working_hours=OFFICE, mark_ticketless=True),
            None,
            _at(5, 8),
            (Mark.OFF_HOURS, Mark.TICKETLESS),
        ),
    ],
)
def test_what_is_unusual_is_marked_where_somebody_wants_that(
    limits: InsiderLimits,
    ticket: str | None,
    local: datetime | None,
    marks: tuple[Mark, ...] | None,
) -> None:
    assert marks_of(limits, ticket=ticket, local=local, taken_over=False) == marks
    doubted = (*(marks or ()), Mark.TAKEN_OVER)
    assert marks_of(limits, ticket=ticket, local=local, taken_over=True) == doubted
