"""When people are expected to work, by the clock of a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MINUTES_OF_DAY = 24 * 60
WEEK = (1, 2, 3, 4, 5, 6, 7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """From ``begins`` to ``ends``, in minutes since midnight, on ``days``; Monday is 1.

    ``ends`` before ``begins`` is of the next morning. ``time_zone`` is a name of the IANA
    database. ``unknown`` is what a newer version stored.
    """

    time_zone: str
    days: tuple[int, ...]
    begins: int
    ends: int
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def makes_sense(self) -> bool:
        """False for what nobody could have set."""
        return (
            set(self.days) <= set(WEEK)
            and 0 <= self.begins < MINUTES_OF_DAY
            and 0 < self.ends <= MINUTES_OF_DAY
        )

    def cover(self, local: datetime) -> bool:
        """Whether ``local``, a moment by the clock of the place, is within them."""
        minute = local.hour * 60 + local.minute
        if self.begins < self.ends:
            return local.isoweekday() in self.days and self.begins <= minute < self.ends
        evening = minute >= self.begins and local.isoweekday() in self.days
        morning = minute < self.ends and (local - _DAY).isoweekday() in self.days
        return evening or morning

    def __str__(self) -> str:
        days = ",".join(map(str, self.days))
        return f"{days} {clock_text(self.begins)}-{clock_text(self.ends)} {self.time_zone}"


def clock_text(minute: int) -> str:
    """Minutes since midnight as people write them."""
    return f"{minute // 60:02}:{minute % 60:02}"
