"""Ask to become a subject: the first decision, and the grant that comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.impersonation.grants import (
    REASON_MAX_LENGTH,
    TICKET_MAX_LENGTH,
    Grant,
    GrantStatus,
    ImpersonationRequest,
    TokenWire,
)
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Outcome, Party, PartyKind, Scalar
from understudy.core.ports import Unit
from understudy.core.rules.approvals import Quorum
from understudy.core.rules.policy import (
    Deny,
    Limits,
    Permit,
    RequireApproval,
    Rule,
    Snapshot,
    decide,
)
from understudy.errors import NotFound
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.premises import snapshot
from understudy.flows.origin import Origin, legible

_ID_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A grant was made; ``quorum`` says what it still waits for."""

    grant: Grant
    quorum: Quorum | None = None


def request(unit: Unit, ask: ImpersonationRequest, *, origin: Origin) -> Granted | Denied:
    """Decide on ``ask`` and write grant and entry; a denial is an entry too."""
    seen = snapshot(
        unit, application_id=ask.application_id, actor=ask.actor, subject_id=ask.subject_id
    )
    quorum: Quorum | None = None
    match decide(ask, seen):
        case Deny(rule=rule):
            return _deny(unit, ask, seen, rule, origin)
        case Permit(limits=limits):
            grant = _grant(unit, ask, seen, limits, GrantStatus.READY)
        case RequireApproval(limits=limits, quorum=needed):
            quorum = needed
            grant = _grant(unit, ask, seen, limits, GrantStatus.PENDING)
    details: dict[str, Scalar] = {
        "scope": grant.scope,
        "minutes": grant.minutes,
        "status": grant.status,
    }
    if not ask.reason_given:
        details["reason_given"] = False
    if ask.wire is not TokenWire.NATIVE:
        details["wire"] = ask.wire
    unit.record(about(unit, grant, EventType.GRANT_CREATED, origin=origin, details=details))
    return Granted(grant=grant, quorum=quorum)


def _grant(
    unit: Unit, ask: ImpersonationRequest, seen: Snapshot, limits: Limits, status: GrantStatus
) -> Grant:
    subject, organization = seen.subject, seen.organization
    if subject is None:  # decide() never permits that
        raise NotFound
    grant = Grant(
        id=unit.new_id(IdPrefix.GRANT),
        application_id=ask.application_id,
        actor=ask.actor,
        subject_id=subject.id,
        subject_ref=subject.ref,
        organization_id=subject.organization_id,
        organization_ref=organization.ref if organization else None,
        reason=limits.reason,
        ticket=limits.ticket,
        scope=limits.scope,
        minutes=limits.minutes,
        status=status,
        return_to=limits.return_to,
        created_at=unit.now,
        expires_at=unit.now + ask.life,
        actor_claims=ask.actor_claims,
    )
    unit.grants.add(grant)
    return grant


def _deny(
    unit: Unit, ask: ImpersonationRequest, seen: Snapshot, rule: Rule, origin: Origin
) -> Denied:
    asked_for = Party(kind=PartyKind.SUBJECT, id=legible(ask.subject_id, _ID_LENGTH))
    unit.record(
        Event(
            type=EventType.GRANT_DENIED,
            application_id=seen.application.id if seen.application else None,
            actor=ask.actor.party,
            subject=seen.subject.party if seen.subject else asked_for,
            organization=seen.organization.party if seen.organization else None,
            outcome=Outcome.DENIED,
            rule=rule,
            reason=legible(ask.reason, REASON_MAX_LENGTH),
            ticket=legible(ask.ticket, TICKET_MAX_LENGTH),
            address=origin.address,
            user_agent=origin.user_agent,
        )
    )
    return Denied(rule=rule)
