"""What time it is, as far as that is known: a span, and how doubt about it is settled.

Time goes on by a counter that nobody sets (`elapsed`) and that also counts while the machine
sleeps. Another clock is looked at beside it, the reference: small differences are made up for
slowly, a large one is a leap. Whoever leaps is not followed before it has stayed where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

SILENT = timedelta(seconds=2)
"""Up to so far apart two clocks count as one."""
SLEW = 500
"""How many millionths faster or slower time goes until they agree."""
SLEW_A_DAY = timedelta(seconds=5)
"""How much of that a day bears: what draws at the clock for longer is a leap."""
ADOPTED_AFTER = timedelta(seconds=60)
"""For how long the reference has to stay where it leapt to until it is believed."""

_DAY = timedelta(days=1)
_NONE = timedelta(0)
_MILLION = 1_000_000


def cut_to_ms(moment: datetime) -> datetime:
    """``moment`` without what is finer than a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True, kw_only=True)
class Interval:
    """When it is now: not before ``earliest``, not after ``latest``, most likely at ``order``.

    What lets somebody in no longer is judged at the latest, what erases or unlocks at the earliest.
    What is written down is from ``order``, which only a decision sets back.
    """

    earliest: datetime
    order: datetime
    latest: datetime

    @classmethod
    def at(cls, moment: datetime) -> Interval:
        """A moment of which there is no doubt."""
        return cls(earliest=moment, order=moment, latest=moment)

    @classmethod
    def between(cls, order: datetime, reference: datetime) -> Interval:
        """Two clocks, of which either may be right."""
        return cls(earliest=min(order, reference), order=order, latest=max(order, reference))

    @property
    def is_in_doubt(self) -> bool:
        """Whether the two are further apart than clocks differ."""
        return self.latest - self.earliest > SILENT

    def as_of(self, moment: datetime) -> Interval:
        """As of an earlier ``moment`` of ``order``, and as much in doubt."""
        back = max(self.order - moment, _NONE)
        return Interval(
            earliest=self.earliest - back, order=self.order - back, latest=self.latest - back
        )


class Turn(StrEnum):
    """What a look at the reference brought. Stable: parts of the types of entries."""

    LEAPT = "leapt"
    RETURNED = "returned"
    ADOPTED = "adopted"


@dataclass(frozen=True, kw_only=True)
class Leap:
    """Since when (by the counter) the reference is how far ahead."""

    since: timedelta
    apart: timedelta


@dataclass(frozen=True, kw_only=True)
class Course:
    """It was ``order`` when the counter stood at ``elapsed``, and the reference ``apart`` ahead.

    ``slack`` is how much may still be slewed.
    """

    order: datetime
    elapsed: timedelta
    apart: timedelta = _NONE
    leap: Leap | None = None
    slack: timedelta = SLEW_A_DAY

    def order_at(self, elapsed: timedelta) -> datetime:
        """What time it is when the counter stands at ``elapsed``, whatever other clocks say."""
        return self.order + (elapsed - self.elapsed)

    def interval_at(self, elapsed: timedelta, reference: datetime | None = None) -> Interval:
        """The same as a span in milliseconds; ``reference`` is what the other clock says, if it was
        looked at.
        """
        order = self.order_at(elapsed)
        other = order + self.apart if reference is None else reference
        return Interval.between(cut_to_ms(order), cut_to_ms(other))

    def seen(self, elapsed: timedelta, reference: datetime) -> tuple[Course, Turn | None]:
        """How it goes on from a look at the reference, and what is to be told of it."""
        order = self.order_at(elapsed)
        apart = reference - order
        if abs(apart) <= SILENT:
            turn = None if self.leap is None else Turn.RETURNED
            return self._slewed(elapsed, order, apart), turn
        leap = self.leap
        if leap is None or abs(apart - leap.apart) > SILENT:
            # A clock that leaps about is believed at no place.
            turn = Turn.LEAPT if leap is None else None
            return self._doubting(elapsed, order, Leap(since=elapsed, apart=apart)), turn
        if elapsed - leap.since < ADOPTED_AFTER:
            return self._doubting(elapsed, order, replace(leap, apart=apart)), None
        return Course(order=reference, elapsed=elapsed), Turn.ADOPTED

    def _doubting(self, elapsed: timedelta, order: datetime, leap: Leap) -> Course:
        return replace(self, order=order, elapsed=elapsed, apart=leap.apart, leap=leap)

    def _slewed(self, elapsed: timedelta, order: datetime, apart: timedelta) -> Course:
        passed = elapsed - self.elapsed
        slack = min(SLEW_A_DAY, self.slack + passed * (SLEW_A_DAY / _DAY))
        most = min(passed * SLEW // _MILLION, slack)
        step = max(-most, min(apart, most))
        return Course(
            order=order + step, elapsed=elapsed, apart=apart - step, slack=slack - abs(step)
        )
