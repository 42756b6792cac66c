"""Limits on those who may impersonate at all: what an admin decides, per application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from understudy.core.governance.working_hours import WorkingHours
from understudy.core.notices.events import Scalar

MOST_SUBJECTS = 10_000


@dataclass(frozen=True, kw_only=True)
class InsiderLimits:
    """What each actor of an application is held to. By default nothing is.

    ``subjects_an_hour`` and ``subjects_a_day`` are budgets: how many distinct subjects of the
    application an actor may be granted to become; None is any number. More than
    ``look_ups_an_hour`` different ones whom an operator opens are an alarm, and refused to nobody.
    ``refuse_colleagues`` keeps everybody out of the accounts of operators. What is granted outside
    of ``working_hours``, and with ``mark_ticketless`` without a ticket, is marked. ``unknown`` is
    what a newer version stored.
    """

    subjects_an_hour: int | None = None
    subjects_a_day: int | None = None
    look_ups_an_hour: int | None = None
    refuse_colleagues: bool = False
    mark_ticketless: bool = False
    working_hours: WorkingHours | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def has_budget(self) -> bool:
        """Whether anything has to be counted."""
        return self.subjects_an_hour is not None or self.subjects_a_day is not None


def insider_facts(limits: InsiderLimits) -> dict[str, Scalar]:
    """What an entry tells of ``limits``."""
    hours = limits.working_hours
    return {
        "subjects_an_hour": limits.subjects_an_hour,
        "subjects_a_day": limits.subjects_a_day,
        "look_ups_an_hour": limits.look_ups_an_hour,
        "refuse_colleagues": limits.refuse_colleagues,
        "mark_ticketless": limits.mark_ticketless,
        "working_hours": None if hours is None else str(hours),
    }


def limits_within_bounds(limits: InsiderLimits) -> InsiderLimits:
    """``limits`` as they stand; a number that nobody could have set is one, and hours are none."""
    return replace(
        limits,
        subjects_an_hour=_bounded(limits.subjects_an_hour),
        subjects_a_day=_bounded(limits.subjects_a_day),
        look_ups_an_hour=_bounded(limits.look_ups_an_hour),
        working_hours=_sensible(limits.working_hours),
    )


def _bounded(given: int | None) -> int | None:
    return given if given is None or 1 <= given <= MOST_SUBJECTS else 1


def _sensible(given: WorkingHours | None) -> WorkingHours | None:
    # Without a day every moment is outside of them.
    return given if given is None or given.makes_sense else replace(given, days=())
