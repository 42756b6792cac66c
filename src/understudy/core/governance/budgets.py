"""Whether an actor has used up what they may be granted within an hour and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from understudy.core.governance.insiders import InsiderLimits

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class OthersOfActor:
    """How many distinct subjects, the one asked about aside, an actor was granted to become."""

    an_hour: int
    a_day: int


def is_spent(limits: InsiderLimits, others: OthersOfActor) -> bool:
    """Whether one more subject would be more than ``limits`` allow.

    Somebody in whose account the actor was within that time is no one more.
    """
    return _reached(limits.subjects_an_hour, others.an_hour) or _reached(
        limits.subjects_a_day, others.a_day
    )


def _reached(limit: int | None, number: int) -> bool:
    return limit is not None and number >= limit
