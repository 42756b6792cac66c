"""Ask to become a subject: the first decision, and the grant that comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.applications.application import Application
from understudy.core.applications.session_origins import (
    LABEL_BYTES,
    SessionOrigins,
    draw_label,
)
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import (
    REASON_MAX_LENGTH,
    TICKET_MAX_LENGTH,
    Grant,
    GrantStatus,
    ImpersonationRequest,
    Mark,
)
from understudy.core.impersonation.token_kinds import NATIVE
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Outcome, Party, PartyKind, Scalar
from understudy.core.ports import Unit
from understudy.core.rules.decision import Deny, Limits
from understudy.core.rules.insider import SUBJECT_IS_HONEY
from understudy.core.rules.policy import decide
from understudy.core.rules.question import Snapshot
from understudy.core.rules.request import text_fault
from understudy.core.rules.rule import Rule
from understudy.errors import NotFound
from understudy.flows.clock_doubt import require_not_behind
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.budgets import with_budget
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.marks import marked
from understudy.flows.impersonation.premises import is_impersonated, snapshot
from understudy.flows.origin import Origin, legible

_ID_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A grant was made, and can be used."""

    grant: Grant


def request(unit: Unit, ask: ImpersonationRequest, *, origin: Origin) -> Granted | Denied:
    """Decide on ``ask`` and write grant and entry; a denial is an entry too.

    :raises ClockInDoubt: it is earlier than the log has seen.
    """
    require_not_behind(unit)
    seen = snapshot(
        unit,
        application_id=ask.application_id,
        actor=ask.actor,
        subject_id=ask.subject_id,
        is_impersonated=is_impersonated(unit, ask.application_id, ask.actor),
    )
    seen = with_budget(unit, seen, ask.actor, unit.earliest)
    decision = decide(ask, seen)
    # Written before it is answered: who was refused what is half of what an auditor looks for.
    if isinstance(decision, Deny):
        return _deny(unit, ask, seen, decision.rule, origin)
    grant = _grant(unit, ask, seen, decision.limits)
    details: dict[str, Scalar] = {
        "scope": grant.scope,
        "minutes": grant.minutes,
        "status": grant.status,
    }
    if grant.origin is not None:
        details["origin"] = grant.origin
    if grant.marks is not None:
        details["marks"] = " ".join(grant.marks)
    if not ask.reason_given:
        details["reason_given"] = False
    if ask.wire != NATIVE.name:
        details["wire"] = ask.wire
    unit.record(about(unit, grant, EventType.GRANT_CREATED, origin=origin, details=details))
    return Granted(grant=grant)


def _grant(unit: Unit, ask: ImpersonationRequest, seen: Snapshot, limits: Limits) -> Grant:
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
        return_to=limits.return_to,
        created_at=unit.now,
        expires_at=unit.now + ask.life,
        actor_as_given=ask.actor_as_given,
        epoch=seen.application.epoch if seen.application else 0,
        origin=_own_origin(unit, seen.application),
        marks=_marks(unit, seen.application, limits),
    )
    unit.grants.add(grant)
    return grant


def _marks(unit: Unit, application: Application | None, limits: Limits) -> tuple[Mark, ...] | None:
    if application is None:
        return None
    return marked(application.settings.insiders, ticket=limits.ticket, now=unit.now)


def _own_origin(unit: Unit, application: Application | None) -> str | None:
    """An origin that no other grant has, where the application's sessions get one."""
    pattern = application.settings.session_origins if application else None
    if pattern is None:
        return None
    return SessionOrigins.parse(pattern).origin(draw_label(unit.random(LABEL_BYTES)))


def _denial(rule: Rule) -> EventType:
    return EventType.HONEY_TOUCHED if rule is SUBJECT_IS_HONEY else EventType.GRANT_DENIED


def _deny(
    unit: Unit, ask: ImpersonationRequest, seen: Snapshot, rule: Rule, origin: Origin
) -> Denied:
    # Cut and cleaned: it is whatever a caller typed, and goes into the log for years.
    asked_for = Party(kind=PartyKind.SUBJECT, id=legible(ask.subject_id, _ID_LENGTH))
    record_denial(
        unit,
        Event(
            type=_denial(rule),
            application_id=seen.application.id if seen.application else None,
            actor=ask.actor.party,
            subject=seen.subject.party if seen.subject else asked_for,
            organization=seen.organization.party if seen.organization else None,
            outcome=Outcome.DENIED,
            rule=rule.code,
            reason=legible(ask.reason, REASON_MAX_LENGTH, joiners=True),
            ticket=legible(ask.ticket, TICKET_MAX_LENGTH),
            address=origin.address,
            user_agent=origin.user_agent,
        ),
    )
    return Denied(rule=rule, fault=text_fault(rule, ask))
