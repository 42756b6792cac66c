"""Mark what is unusual about a grant, by the clock of the place where people work."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.marks import marks_of
from understudy.core.impersonation.grants import Mark


def marked(
    limits: InsiderLimits, *, ticket: str | None, now: datetime, taken_over: bool
) -> tuple[Mark, ...] | None:
    """The marks of a grant that is made at ``now``."""
    hours = limits.working_hours
    place = None if hours is None else zone(hours.time_zone)
    local = None if place is None else now.astimezone(place)
    return marks_of(limits, ticket=ticket, local=local, taken_over=taken_over)


def zone(name: str) -> ZoneInfo | None:
    """The time zone of this name; None where this machine does not know it."""
    try:
        return ZoneInfo(name)
    # What is no name of a file is a ValueError, that of a folder an OSError.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
