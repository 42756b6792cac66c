"""Agree to a grant that waits; with enough of those who have to, it can be used."""

from __future__ import annotations

from dataclasses import dataclass, replace

from understudy.core.governance.approvals import Approval
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import GRANT_LIFE, Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Operator
from understudy.core.ports import Unit
from understudy.errors import InvalidInput, NotFound
from understudy.flows.governance.note import read_note
from understudy.flows.governance.turned_away import turn_away, why_not_decide
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.agreement import Agreement, standing_approvals
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.premises import agreement_on
from understudy.flows.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Terms:
    """To what somebody holds the grant that they agree to; None leaves it as it is."""

    minutes: int | None = None
    scope: Scope | None = None
    note: str | None = None


def approve(
    unit: Unit, grant_id: GrantId, terms: Terms, *, who: Operator, origin: Origin
) -> Grant | Denied:
    """Write down that ``who`` agrees; a second time changes nothing.

    It grants nothing by itself: every rule is asked again before a session comes of it.

    :raises NotFound: no such grant.
    :raises InvalidInput: more minutes, or a wider scope, than the grant has; no usable note.
    """
    grant = unit.grants.get(grant_id)
    if grant is None:
        raise NotFound
    rule = why_not_decide(unit, grant, who, unit.latest)
    if rule is not None:
        return turn_away(unit, grant, rule, who, origin=origin)
    if any(one.operator_id == who.id for one in standing_approvals(unit, grant)):
        return grant
    agreed = _narrowed(grant, terms)
    _add(unit, agreed, terms, who)
    agreement = agreement_on(unit, agreed, unit.latest)
    settled = agreed if agreement.waits else _ready(unit, agreed)
    unit.grants.save(settled)
    _tell(unit, settled, agreement, terms, who=who, origin=origin)
    return settled


def _narrowed(grant: Grant, terms: Terms) -> Grant:
    minutes = grant.minutes if terms.minutes is None else terms.minutes
    if not 1 <= minutes <= grant.minutes:
        raise InvalidInput("Agree to at most the minutes asked for.", facts={"field": "minutes"})
    scope = grant.scope if terms.scope is None else terms.scope
    if scope not in (grant.scope, Scope.READ_ONLY):
        raise InvalidInput("Agree to no more than was asked for.", facts={"field": "scope"})
    return replace(grant, minutes=minutes, scope=scope)


def _add(unit: Unit, grant: Grant, terms: Terms, who: Operator) -> None:
    unit.approvals.add(
        Approval(
            id=unit.new_id(IdPrefix.APPROVAL),
            application_id=grant.application_id,
            grant_id=grant.id,
            operator_id=who.id,
            agreed=True,
            minutes=terms.minutes,
            scope=terms.scope,
            note=read_note(terms.note),
            decided_at=unit.now,
        )
    )


def _ready(unit: Unit, grant: Grant) -> Grant:
    """``grant``, which waits for its actor from now on."""
    return replace(grant, status=GrantStatus.READY, expires_at=unit.now + GRANT_LIFE)


def _tell(
    unit: Unit, grant: Grant, agreement: Agreement, terms: Terms, *, who: Operator, origin: Origin
) -> None:
    details = {
        "agreed": agreement.agreed,
        "quorum": grant.quorum,
        "status": grant.status,
        "scope": grant.scope,
        "minutes": grant.minutes,
    }
    told = about(
        unit, grant, EventType.APPROVAL_GIVEN, origin=origin, by=who.party, details=details
    )
    # Whose word it is: the actor's own reason stands in the entry of the request.
    unit.record(replace(told, reason=read_note(terms.note)))
