"""Allow one blocked write, once, or refuse it."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.unlocks import UNLOCK_LIFE, Unlock, UnlockStatus
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Operator
from understudy.core.ports import Unit
from understudy.core.rules.rule import Rule
from understudy.core.rules.unlock import (
    DECIDER_IS_ACTOR,
    DECIDER_IS_SUBJECT,
    UNLOCK_CLOSED,
    may_decide,
)
from understudy.errors import NotFound, PermissionMissing
from understudy.flows.governance.bound_write import opened
from understudy.flows.governance.unlock_entries import entry_of
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.known_as import judged, operator_known_as
from understudy.flows.origin import Origin


def decide_unlock(
    unit: Unit, unlock_id: str, *, allowed: bool, by: Operator, origin: Origin
) -> Unlock | Denied:
    """Let ``by`` decide; what they looked at is forgotten with that.

    :raises NotFound: there is none.
    :raises PermissionMissing: ``by`` is frozen, or decides about no changes.
    """
    if not may_decide(by):
        raise PermissionMissing
    unlock = unit.unlocks.get(unlock_id)
    grant = unit.grants.get(unlock.grant_id) if unlock else None
    if unlock is None or grant is None:
        raise NotFound
    rule = _why_not(unit, unlock, grant, by)
    if rule is not None:
        return Denied(rule=rule)
    write = opened(unit.vault, unlock)
    decided = replace(
        unlock,
        status=UnlockStatus.ALLOWED if allowed else UnlockStatus.REFUSED,
        shown=None,
        decided_by=by.id,
        decided_at=unit.now,
        expires_at=unit.now + UNLOCK_LIFE,
    )
    unit.unlocks.save(decided)
    kind = EventType.UNLOCK_ALLOWED if allowed else EventType.UNLOCK_REFUSED
    path = write.path if write else ""
    unit.record(entry_of(unit, decided, grant, kind, path=path, by=by.party, origin=origin))
    return decided


def _why_not(unit: Unit, unlock: Unlock, grant: Grant, by: Operator) -> Rule | None:
    known_as, whose = operator_known_as(unit, by, grant.application_id), judged(unit, grant)
    if known_as.is_same_as(whose.actor):
        return DECIDER_IS_ACTOR
    if known_as.is_same_as(whose.subject):
        return DECIDER_IS_SUBJECT
    session = unit.sessions.get(unlock.session_id)
    over = session is None or session.over_because(unit.latest) is not None
    open_still = unlock.status is UnlockStatus.ASKED and unlock.stands(unit.latest)
    return UNLOCK_CLOSED if over or not open_still else None
