"""Whoever may not decide on a grant is told why; the log says who tried."""

from __future__ import annotations

from datetime import datetime

from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.notices.events import EventType, Outcome
from understudy.core.people.principals import Operator
from understudy.core.ports import Reader, Unit
from understudy.core.rules.approval import approvers_within, why_not_approver
from understudy.core.rules.grant import GRANT_CLOSED, GRANT_OUTDATED
from understudy.core.rules.rule import Rule
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.known_as import judged, operator_known_as
from understudy.flows.impersonation.premises import policies_on
from understudy.flows.origin import Origin


def why_not_decide(reader: Reader, grant: Grant, who: Operator, now: datetime) -> Rule | None:
    """The rule by which ``who`` may not say anything to ``grant``; None while they may."""
    application = reader.applications.get(grant.application_id)
    if application is None or application.epoch != grant.epoch:
        return GRANT_OUTDATED
    wanted = approvers_within(application.settings.approval, policies_on(reader, grant, now))
    known_as = operator_known_as(reader, who, grant.application_id)
    refused = why_not_approver(who, known_as, judged(reader, grant), wanted)
    if refused is not None:
        return refused
    waits = grant.status is GrantStatus.PENDING and now < grant.expires_at
    return None if waits else GRANT_CLOSED


def turn_away(unit: Unit, grant: Grant, rule: Rule, who: Operator, *, origin: Origin) -> Denied:
    """The refusal by ``rule``, written down."""
    refused = about(
        unit,
        grant,
        EventType.GRANT_DENIED,
        origin=origin,
        by=who.party,
        outcome=Outcome.DENIED,
        rule=rule.code,
    )
    record_denial(unit, refused)
    return Denied(rule=rule)
