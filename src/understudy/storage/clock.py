"""The one clock of a process: what everything that it serves, writes and does by itself goes by."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from understudy.core.clock import Course, Interval, Leap, Turn, cut_to_ms

Wall = Callable[[], datetime]
Elapsed = Callable[[], timedelta]

AGREES = timedelta(minutes=1)
"""So near a second clock has to be."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """The machine's clock, which people and programs set."""
    return datetime.now(UTC)


def since_boot() -> timedelta:
    """The machine's counter, which nobody sets; it goes on while the machine sleeps."""
    # Linux has one; elsewhere the monotonic clock is next best, and may stand still in a sleep.
    which = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(microseconds=time.clock_gettime_ns(which) // 1000)


class Passing:
    """Time that passes as ``clock`` says, and in no case backwards."""

    def __init__(self, clock: Wall) -> None:
        self._clock = clock
        self._most = timedelta.min

    def __call__(self) -> timedelta:
        """How much has passed since some moment that is always the same."""
        self._most = max(self._most, self._clock() - _EPOCH)
        return self._most


class SteadyClock:
    """Goes on by ``elapsed`` from what ``first`` is, and looks at the reference beside it.

    That is ``wall``, or, where there is none, whatever `look` is told; ``second`` is one of another
    machine than that. Times are UTC and cut to
    milliseconds. The clock is never set back but by `look`, and only to what it then adopts.
    """

    def __init__(
        self,
        wall: Wall | None,
        elapsed: Elapsed,
        *,
        first: datetime | None = None,
        second: Wall | None = None,
    ) -> None:
        self._wall = wall
        self._second = second
        self._elapsed = elapsed
        self._lock = threading.Lock()
        order = first if first is not None else (wall or utc_now)()
        self._course = Course(order=order.astimezone(UTC), elapsed=elapsed())

    def __call__(self) -> datetime:
        """This instant, whatever other clocks say."""
        return cut_to_ms(self._course.order_at(self._elapsed()))

    def interval(self) -> Interval:
        """This instant, with what is in doubt of it."""
        wall = None if self._wall is None else self._wall().astimezone(UTC)
        return self._course.interval_at(self._elapsed(), wall)

    def earliest(self) -> datetime:
        """What has come by now in any case: for erasing and unlocking."""
        return self.interval().earliest

    def latest(self) -> datetime:
        """What may have come by now: for judging what is over."""
        return self.interval().latest

    @property
    def leap(self) -> Leap | None:
        """Where the reference has leapt to, while it is neither back nor believed."""
        return self._course.leap

    def is_vouched_for(self) -> bool:
        """Whether a second clock, that of another machine, says about the same."""
        return self._second is not None and abs(self._second() - self()) < AGREES

    @property
    def needs_telling(self) -> bool:
        """Whether `look` has to be told what the reference says."""
        return self._wall is None

    def look(self, reference: datetime | None = None) -> Turn | None:
        """Look at the reference, and go on from there; answers what is to be told of it."""
        wall = self._wall if reference is None else None
        with self._lock:
            # The counter after the clock: what comes in between is no leap ahead.
            seen = wall() if wall is not None else reference
            if seen is None:
                return None
            self._course, turn = self._course.seen(self._elapsed(), seen.astimezone(UTC))
            return turn
