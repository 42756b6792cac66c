"""Ask to become a subject: the first decision, and the grant that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from understudy.core.applications.application import Application
from understudy.core.applications.session_origins import (
    LABEL_BYTES,
    SessionOrigins,
    draw_label,
)
from understudy.core.ids import GrantId, OperatorId
from understudy.core.impersonation.grants import (
    REASON_MAX_LENGTH,
    TICKET_MAX_LENGTH,
    Grant,
    GrantStatus,
    ImpersonationRequest,
    Mark,
)
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Outcome, Party, PartyKind
from understudy.core.people.principals import Actor, ActorKind
from understudy.core.ports import Unit
from understudy.core.rules.approval import APPROVAL_REQUIRED
from understudy.core.rules.decision import Deny, Limits, Permit, RequireApproval
from understudy.core.rules.insider import SUBJECT_IS_HONEY
from understudy.core.rules.outside import DECISION_POINT_REFUSES
from understudy.core.rules.policy import decide
from understudy.core.rules.question import Snapshot
from understudy.core.rules.request import text_fault
from understudy.core.rules.rule import Rule
from understudy.errors import NotFound
from understudy.flows.clock_doubt import require_not_behind
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.asked_before import asked_before
from understudy.flows.impersonation.budgets import with_budget
from understudy.flows.impersonation.consented import use
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.grant_facts import grant_facts
from understudy.flows.impersonation.marks import marked
from understudy.flows.impersonation.opinion_facts import opinion_facts
from understudy.flows.impersonation.owe_review import owe_review, review_id_for
from understudy.flows.impersonation.policy_facts import policy_facts
from understudy.flows.impersonation.premises import is_impersonated, snapshot
from understudy.flows.origin import Origin, legible

_ID_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A grant was made: it can be used, or waits until others agree."""

    grant: Grant


def request(
    unit: Unit, ask: ImpersonationRequest, *, can_wait: bool = True, origin: Origin
) -> Granted | Denied:
    """Decide on ``ask`` and write grant and entry; a denial is an entry too.

    Who cannot wait for others' approval is refused where it is wanted.

    :raises ClockInDoubt: it is earlier than the log has seen.
    """
    require_not_behind(unit)
    seen = seen_by(unit, ask, origin=origin)
    decision = decide(ask, seen)
    # Written before it is answered: who was refused what is half of what an auditor looks for.
    if isinstance(decision, Deny):
        return deny(unit, ask, seen, decision, origin)
    if isinstance(decision, RequireApproval) and not can_wait:
        return deny(unit, ask, seen, Deny(rule=APPROVAL_REQUIRED), origin)
    earlier = asked_before(unit, ask, seen) if isinstance(decision, RequireApproval) else None
    if earlier is not None:
        return Granted(grant=earlier)
    grant = _grant(unit, ask, seen, decision)
    use(unit, seen.consent, grant)
    details = grant_facts(ask, seen, grant, decision.verdict) | opinion_facts(unit)
    waits = grant.status is GrantStatus.PENDING
    kind = EventType.GRANT_REQUESTED if waits else EventType.GRANT_CREATED
    unit.record(about(unit, grant, kind, origin=origin, details=details))
    owe_review(unit, grant, origin=origin)
    return Granted(grant=grant)


def seen_by(unit: Unit, ask: ImpersonationRequest, *, origin: Origin) -> Snapshot:
    """What is looked at for the decision on ``ask``."""
    seen = snapshot(
        unit,
        application_id=ask.application_id,
        actor=ask.actor,
        subject_id=ask.subject_id,
        is_impersonated=is_impersonated(unit, ask.application_id, ask.actor),
        now=unit.latest,
        ask=ask,
        # Of an actor whom the application names, it is the backend that asks.
        address=origin.address if ask.actor.kind is ActorKind.OPERATOR else None,
    )
    return with_budget(unit, seen, ask.actor, unit.earliest)


def _grant(
    unit: Unit, ask: ImpersonationRequest, seen: Snapshot, decision: Permit | RequireApproval
) -> Grant:
    limits = decision.limits
    subject, organization = seen.subject, seen.organization
    if subject is None:  # decide() never permits that
        raise NotFound
    grant = Grant(
        id=GrantId(unit.new_id(IdPrefix.GRANT)),
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
        status=GrantStatus.READY,
        review_id=review_id_for(unit, decision),
        return_to=limits.return_to,
        created_at=unit.now,
        expires_at=unit.now + ask.life,
        actor_as_given=ask.actor_as_given,
        epoch=seen.application.epoch if seen.application else 0,
        origin=_own_origin(unit, seen.application),
        marks=_marks(unit, seen.application, ask.actor, limits),
    )
    grant = _waiting(grant, seen, decision) if isinstance(decision, RequireApproval) else grant
    unit.grants.add(grant)
    return grant


def _waiting(grant: Grant, seen: Snapshot, decision: RequireApproval) -> Grant:
    """``grant`` until as many agree as have to; not for longer than the application waits."""
    if seen.application is None:  # decide() never permits that
        raise NotFound
    waits = timedelta(minutes=seen.application.settings.approval.pending_minutes)
    return replace(
        grant,
        status=GrantStatus.PENDING,
        quorum=decision.quorum,
        expires_at=grant.created_at + waits,
    )


def _marks(
    unit: Unit, application: Application | None, actor: Actor, limits: Limits
) -> tuple[Mark, ...] | None:
    if application is None:
        return None
    return marked(
        application.settings.insiders,
        ticket=limits.ticket,
        now=unit.now,
        taken_over=_is_taken_over(unit, actor),
    )


def _is_taken_over(unit: Unit, actor: Actor) -> bool:
    if actor.kind is not ActorKind.OPERATOR:
        return False
    operator = unit.operators.get(OperatorId(actor.ref))
    return operator is not None and operator.taken_over_at is not None


def _own_origin(unit: Unit, application: Application | None) -> str | None:
    """An origin that no other grant has, where the application's sessions get one."""
    pattern = application.settings.session_origins if application else None
    if pattern is None:
        return None
    return SessionOrigins.parse(pattern).origin(draw_label(unit.random(LABEL_BYTES)))


def _denial(rule: Rule) -> EventType:
    return EventType.HONEY_TOUCHED if rule is SUBJECT_IS_HONEY else EventType.GRANT_DENIED


def deny(
    unit: Unit,
    ask: ImpersonationRequest,
    seen: Snapshot,
    refused: Deny,
    origin: Origin,
    *,
    only_asked: bool = False,
) -> Denied:
    """Write down that ``ask`` was ``refused``; ``only_asked`` where no grant was wanted."""
    # Cut and cleaned: it is whatever a caller typed, and goes into the log for years.
    asked_for = Party(kind=PartyKind.SUBJECT, id=legible(ask.subject_id, _ID_LENGTH))
    record_denial(
        unit,
        Event(
            type=_denial(refused.rule),
            application_id=seen.application.id if seen.application else None,
            actor=ask.actor.party,
            subject=seen.subject.party if seen.subject else asked_for,
            organization=seen.organization.party if seen.organization else None,
            outcome=Outcome.DENIED,
            rule=refused.rule.code,
            reason=legible(ask.reason, REASON_MAX_LENGTH, joiners=True),
            ticket=legible(ask.ticket, TICKET_MAX_LENGTH),
            address=origin.address,
            user_agent=origin.user_agent,
            details=policy_facts(seen, refused.verdict)
            | (opinion_facts(unit) if refused.rule is DECISION_POINT_REFUSES else {})
            | ({"only_asked": True} if only_asked else {}),
        ),
    )
    return Denied(rule=refused.rule, fault=text_fault(refused.rule, ask))
