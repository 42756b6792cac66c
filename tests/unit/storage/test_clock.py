from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.contract.storage.engines import NOON, Clock
from understudy.core.clock import Interval, Turn
from understudy.storage.clock import Passing, SteadyClock, since_boot, utc_now

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


class Counter:
    """What nobody sets; tests move it."""

    def __init__(self) -> None:
        self.passed = timedelta(0)

    def __call__(self) -> timedelta:
        return self.passed


@pytest.fixture
def wall() -> Clock:
    return Clock()


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_clock_answers_utc_cut_to_milliseconds(wall: Clock) -> None:
    wall.now = datetime(2027, 3, 1, 14, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=1)))
    clock = SteadyClock(wall, Passing(wall))
    expected = datetime(2027, 3, 1, 13, 0, 0, 123_000, tzinfo=UTC)
    assert clock() == expected
    assert clock().tzinfo is UTC
    assert clock.interval() == Interval.at(expected)


def test_a_clock_of_its_own_never_goes_back(wall: Clock) -> None:
    steady = SteadyClock(wall, Passing(wall))
    wall.move(HOUR)
    later = steady()
    wall.move(-2 * HOUR)
    assert steady() == later
    wall.move(2 * HOUR + timedelta(milliseconds=1))
    assert steady() == later + timedelta(milliseconds=1)


def test_time_goes_by_the_counter_and_the_wall_only_widens_it(
    wall: Clock, counter: Counter
) -> None:
    clock = SteadyClock(wall, counter)
    wall.move(DAY)
    assert clock() == NOON
    assert (clock.earliest(), clock.latest()) == (NOON, NOON + DAY)
    wall.now = NOON - HOUR
    counter.passed = SECOND
    assert (clock.earliest(), clock(), clock.latest()) == (
        NOON - HOUR,
        NOON + SECOND,
        NOON + SECOND,
    )


def test_a_wall_that_leapt_ahead_and_back_leaves_the_clock_where_it_was(
    wall: Clock, counter: Counter
) -> None:
    clock = SteadyClock(wall, counter)
    wall.move(DAY)
    assert (clock.look(), clock.leap is not None) == (Turn.LEAPT, True)
    wall.now, counter.passed = NOON + 3 * SECOND, 3 * SECOND
    assert (clock.look(), clock.leap) == (Turn.RETURNED, None)
    assert clock.interval() == Interval.at(NOON + 3 * SECOND)


def test_without_a_wall_the_reference_is_what_it_is_told(counter: Counter) -> None:
    clock = SteadyClock(None, counter, first=NOON)
    assert clock.needs_telling
    assert clock.look() is None
    assert clock.look(NOON + HOUR) is Turn.LEAPT
    # Until it is told again, both go on alike.
    counter.passed = SECOND
    assert clock.interval() == Interval.between(NOON + SECOND, NOON + HOUR + SECOND)


def test_the_machine_has_a_clock_and_a_counter() -> None:
    assert utc_now().utcoffset() == timedelta(0)
    before = since_boot()
    assert before <= since_boot() <= before + timedelta(minutes=1)


def test_the_counter_is_the_one_that_goes_on_while_the_machine_sleeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def answer(which: int) -> int:
        asked.append(which)
        return 7_000

    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(time, "clock_gettime_ns", answer)
    assert since_boot() == timedelta(microseconds=7)
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    since_boot()
    assert asked == [7, time.CLOCK_MONOTONIC]
