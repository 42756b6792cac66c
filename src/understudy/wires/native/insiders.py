"""Limits on those who may impersonate, as they come in and go out."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.insiders import InsiderLimits
from understudy.core.people.permissions import Permission
from understudy.http.principal import OperatorPrincipal, Principal
from understudy.wires.native.schemas.insiders import InsiderLimitsAnswer, InsiderLimitsChange


def changed_limits(before: InsiderLimits, change: InsiderLimitsChange | UnsetType) -> InsiderLimits:
    """``before`` with what ``change`` gives."""
    if change is UNSET:
        return before
    given = msgspec.structs.asdict(change).items()
    return replace(before, **{name: value for name, value in given if value is not UNSET})


def limits_answer(limits: InsiderLimits, *, seen_by: Principal) -> InsiderLimitsAnswer | None:
    """``limits`` for admins and auditors; whoever works under them is not told how far they go."""
    watches = isinstance(seen_by, OperatorPrincipal) and seen_by.may(Permission.OPERATORS_READ)
    if not watches:
        return None
    return InsiderLimitsAnswer(
        subjects_an_hour=limits.subjects_an_hour,
        subjects_a_day=limits.subjects_a_day,
        refuse_colleagues=limits.refuse_colleagues,
    )
