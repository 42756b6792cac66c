"""Say no to a grant that waits, or take an agreement back; what came of it ends."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.approvals import Approval
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Operator
from understudy.core.ports import SessionFilter, Unit
from understudy.errors import NotFound
from understudy.flows.governance.note import read_note
from understudy.flows.governance.turned_away import turn_away, why_not_decide
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.agreement import standing_approvals
from understudy.flows.impersonation.close import close
from understudy.flows.impersonation.denied import Denied
from understudy.flows.origin import Origin

_OPEN = frozenset({GrantStatus.PENDING, GrantStatus.READY, GrantStatus.ACTIVE})


def deny(
    unit: Unit, grant_id: GrantId, note: str | None, *, who: Operator, origin: Origin
) -> Grant | Denied:
    """One no is enough. Whoever agreed before takes that back, also while a session runs.

    :raises NotFound: no such grant.
    :raises InvalidInput: no usable note.
    """
    grant = unit.grants.get(grant_id)
    if grant is None:
        raise NotFound
    own = [one for one in standing_approvals(unit, grant) if one.operator_id == who.id]
    if own and grant.status in _OPEN:
        return _take_back(unit, grant, own[0], read_note(note), who=who, origin=origin)
    rule = why_not_decide(unit, grant, who, unit.latest)
    if rule is not None:
        return turn_away(unit, grant, rule, who, origin=origin)
    unit.approvals.add(_no(unit, grant, read_note(note), who))
    refused = EventType.APPROVAL_REFUSED
    return _denied(unit, grant, refused, read_note(note), who=who, origin=origin)


def _take_back(
    unit: Unit,
    grant: Grant,
    approval: Approval,
    note: str | None,
    *,
    who: Operator,
    origin: Origin,
) -> Grant:
    unit.approvals.save(replace(approval, withdrawn_at=unit.now, note=note or approval.note))
    cause = EndCause.APPROVAL_WITHDRAWN
    for session in unit.sessions.live(SessionFilter(grant_id=grant.id)):
        close(unit, session, grant, cause=cause, by=who.party, origin=origin)
    withdrawn = EventType.APPROVAL_WITHDRAWN
    return _denied(unit, grant, withdrawn, note, who=who, origin=origin)


def _no(unit: Unit, grant: Grant, note: str | None, who: Operator) -> Approval:
    return Approval(
        id=unit.new_id(IdPrefix.APPROVAL),
        application_id=grant.application_id,
        grant_id=grant.id,
        operator_id=who.id,
        agreed=False,
        minutes=None,
        scope=None,
        note=note,
        decided_at=unit.now,
    )


def _denied(
    unit: Unit,
    grant: Grant,
    kind: EventType,
    note: str | None,
    *,
    who: Operator,
    origin: Origin,
) -> Grant:
    denied = replace(grant, status=GrantStatus.DENIED, armed_until=None, armed_for=None)
    unit.grants.save(denied)
    unit.record(replace(about(unit, denied, kind, origin=origin, by=who.party), reason=note))
    return denied
