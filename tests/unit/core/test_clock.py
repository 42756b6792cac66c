from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from understudy.core.clock import (
    ADOPTED_AFTER,
    SILENT,
    SLEW_A_DAY,
    Course,
    Interval,
    Leap,
    Turn,
)

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BOOT = timedelta(days=3)


class Looked:
    """A course that is looked at once a second, beside a reference that is so far ahead."""

    def __init__(self) -> None:
        self.course = Course(order=NOON, elapsed=BOOT)
        self.passed = timedelta(0)
        self.told: list[Turn] = []

    def looks(self, seconds: int, *, ahead: timedelta) -> Looked:
        for _ in range(seconds):
            self.passed += SECOND
            self.course, turn = self.course.seen(BOOT + self.passed, NOON + self.passed + ahead)
            self.told += [turn] if turn else []
        return self

    @property
    def wrong(self) -> timedelta:
        return self.course.order_at(BOOT + self.passed) - (NOON + self.passed)

    @property
    def interval(self) -> Interval:
        return self.course.interval_at(BOOT + self.passed)


def test_an_interval_lies_between_two_clocks_and_is_written_down_by_the_first() -> None:
    ahead = Interval.between(NOON, NOON + HOUR)
    assert ahead == Interval(earliest=NOON, order=NOON, latest=NOON + HOUR)
    behind = Interval.between(NOON, NOON - HOUR)
    assert behind == Interval(earliest=NOON - HOUR, order=NOON, latest=NOON)
    assert Interval.at(NOON) == Interval.between(NOON, NOON)


def test_an_interval_as_of_an_earlier_moment_is_as_wide_and_never_later() -> None:
    found = Interval.between(NOON, NOON + HOUR)
    then = NOON - 3 * SECOND
    assert found.as_of(then) == Interval.between(then, then + HOUR)
    assert found.as_of(NOON + SECOND) == found


def test_time_goes_on_by_the_counter() -> None:
    course = Course(order=NOON, elapsed=BOOT)
    assert course.order_at(BOOT + HOUR) == NOON + HOUR
    assert course.interval_at(BOOT + HOUR) == Interval.at(NOON + HOUR)


@pytest.mark.parametrize("ahead", [DAY, -HOUR, SILENT + timedelta(milliseconds=1)])
def test_a_leap_and_back_leaves_no_trace_in_time(ahead: timedelta) -> None:
    looked = Looked().looks(5, ahead=timedelta(0)).looks(3, ahead=ahead)
    assert looked.told == [Turn.LEAPT]
    assert looked.course.leap == Leap(since=BOOT + 6 * SECOND, apart=ahead)
    assert looked.wrong == timedelta(0)
    # While it lasts, over is judged at the later of the two, erasing at the earlier.
    assert looked.interval == Interval.between(NOON + 8 * SECOND, NOON + 8 * SECOND + ahead)
    looked.looks(1, ahead=timedelta(0))
    assert looked.told == [Turn.LEAPT, Turn.RETURNED]
    assert looked.wrong == timedelta(0)
    assert looked.course == Course(order=NOON + 9 * SECOND, elapsed=BOOT + 9 * SECOND)
    assert looked.interval == Interval.at(NOON + 9 * SECOND)


@pytest.mark.parametrize("ahead", [DAY, -HOUR])
def test_a_leap_that_stays_is_adopted_after_a_minute_and_not_before(ahead: timedelta) -> None:
    looked = Looked().looks(60, ahead=ahead)
    assert (looked.told, looked.wrong) == ([Turn.LEAPT], timedelta(0))
    looked.looks(1, ahead=ahead)
    assert looked.passed == ADOPTED_AFTER + SECOND
    assert (looked.told, looked.wrong) == ([Turn.LEAPT, Turn.ADOPTED], ahead)
    assert looked.interval == Interval.at(NOON + looked.passed + ahead)


def test_a_clock_that_leaps_about_is_believed_nowhere() -> None:
    looked = Looked()
    for ahead in (DAY, HOUR, DAY, 2 * DAY):
        looked.looks(59, ahead=ahead)
    assert (looked.told, looked.wrong) == ([Turn.LEAPT], timedelta(0))


@pytest.mark.parametrize("ahead", [SILENT, -SILENT])
def test_a_small_difference_is_made_up_for_slowly_and_silently(ahead: timedelta) -> None:
    looked = Looked().looks(1, ahead=ahead)
    assert looked.wrong == ahead / abs(ahead) * timedelta(microseconds=500)
    looked.looks(3_999, ahead=ahead)
    assert (looked.wrong, looked.told) == (ahead, [])
    assert looked.interval == Interval.at(NOON + looked.passed + ahead)


def test_what_drags_at_the_clock_for_longer_than_a_days_slack_is_a_leap() -> None:
    looked = Looked()
    ahead = timedelta(0)
    # Always within the two seconds, and so drawn along by 500 millionths: up to a bound.
    while not looked.told and looked.passed < DAY:
        ahead += timedelta(milliseconds=5)
        looked.looks(10, ahead=ahead)
    assert looked.told == [Turn.LEAPT]
    assert looked.wrong < SLEW_A_DAY + SECOND
    assert looked.course.slack < SECOND


def test_the_slack_comes_back_in_a_day() -> None:
    course = Course(order=NOON, elapsed=BOOT, slack=timedelta(0))
    rested, _ = course.seen(BOOT + DAY / 2, NOON + DAY / 2)
    assert rested.slack == SLEW_A_DAY / 2
    full, _ = rested.seen(BOOT + 3 * DAY, NOON + 3 * DAY)
    assert full.slack == SLEW_A_DAY


def test_two_clocks_that_are_near_leave_no_doubt() -> None:
    assert not Interval.between(NOON, NOON + SILENT).is_in_doubt
    assert Interval.between(NOON, NOON + SILENT + SECOND).is_in_doubt
    assert Interval.between(NOON, NOON - SILENT - SECOND).is_in_doubt
