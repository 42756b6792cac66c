"""Limits on those who may impersonate, as they come in and go out."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.working_hours import WorkingHours, clock_text
from understudy.core.people.permissions import Permission
from understudy.http.principal import OperatorPrincipal, Principal
from understudy.wires.native.schemas.insiders import (
    InsiderLimitsAnswer,
    InsiderLimitsChange,
    WorkingHoursShape,
)


def changed_limits(before: InsiderLimits, change: InsiderLimitsChange | UnsetType) -> InsiderLimits:
    """``before`` with what ``change`` gives."""
    if change is UNSET:
        return before
    given = {
        name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET
    }
    if isinstance(change.working_hours, WorkingHoursShape):
        given["working_hours"] = _hours(change.working_hours)
    return replace(before, **given)


def _hours(shape: WorkingHoursShape) -> WorkingHours:
    return WorkingHours(
        time_zone=shape.time_zone,
        days=tuple(sorted(set(shape.days))),
        begins=_minute(shape.begins),
        ends=_minute(shape.ends),
    )


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def limits_answer(limits: InsiderLimits, *, seen_by: Principal) -> InsiderLimitsAnswer | None:
    """``limits`` for admins and auditors; whoever works under them is not told how far they go."""
    watches = isinstance(seen_by, OperatorPrincipal) and seen_by.may(Permission.OPERATORS_READ)
    if not watches:
        return None
    return InsiderLimitsAnswer(
        subjects_an_hour=limits.subjects_an_hour,
        subjects_a_day=limits.subjects_a_day,
        look_ups_an_hour=limits.look_ups_an_hour,
        refuse_colleagues=limits.refuse_colleagues,
        mark_ticketless=limits.mark_ticketless,
        working_hours=_hours_answer(limits.working_hours),
    )


def _hours_answer(hours: WorkingHours | None) -> WorkingHoursShape | None:
    if hours is None:
        return None
    return WorkingHoursShape(
        time_zone=hours.time_zone,
        days=list(hours.days),
        begins=clock_text(hours.begins),
        ends=clock_text(hours.ends),
    )
