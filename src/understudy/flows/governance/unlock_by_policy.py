"""A change that the policies in force let through, without anybody who decides."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.unlocks import UNLOCK_LIFE, Unlock, UnlockStatus, Write
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import Unit
from understudy.flows.governance.unlock_entries import entry_of
from understudy.flows.impersonation.premises import policies_on
from understudy.flows.origin import Origin


def by_policy(unit: Unit, unlock: Unlock, grant: Grant, write: Write, *, origin: Origin) -> Unlock:
    """``unlock``, allowed where all policies that permit the session let ``write`` through."""
    verdict = policies_on(unit, grant, unit.latest)
    if verdict is None or not verdict.lets_through(write.method, write.path):
        return unlock
    allowed = replace(
        unlock,
        status=UnlockStatus.ALLOWED,
        shown=None,
        decided_at=unit.now,
        expires_at=unit.now + UNLOCK_LIFE,
    )
    unit.unlocks.save(allowed)
    told = entry_of(
        unit,
        allowed,
        grant,
        EventType.UNLOCK_ALLOWED,
        path=write.path,
        by=SYSTEM,
        origin=origin,
    )
    named = {**told.details, "policies": ", ".join(verdict.deciding)}
    unit.record(replace(told, details=named))
    return allowed


def still_by_policy(unit: Unit, grant: Grant, write: Write) -> bool:
    """Whether the policies in force by now let ``write`` through."""
    verdict = policies_on(unit, grant, unit.latest)
    return verdict is not None and verdict.lets_through(write.method, write.path)
