"""What is marked about a grant: no reason to refuse it, and something that people look for."""

from __future__ import annotations

from datetime import datetime

from understudy.core.governance.insiders import InsiderLimits
from understudy.core.impersonation.grants import Mark


def marks_of(
    limits: InsiderLimits, *, ticket: str | None, local: datetime | None, taken_over: bool
) -> tuple[Mark, ...] | None:
    """The marks of a grant for ``ticket``, at ``local`` by the clock of the place that ``limits``
    name; None where nobody knows that clock, which counts as any hour that is unusual. Whether the
    actor's account was ``taken_over``, no setting leaves unsaid.
    """
    hours = limits.working_hours
    off = hours is not None and (local is None or not hours.cover(local))
    found = (
        *((Mark.OFF_HOURS,) if off else ()),
        *((Mark.TICKETLESS,) if limits.mark_ticketless and ticket is None else ()),
        *((Mark.TAKEN_OVER,) if taken_over else ()),
    )
    return found or None
