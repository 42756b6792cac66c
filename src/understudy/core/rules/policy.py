"""Whether one actor may become one subject.

``decide`` is asked at the request, and ``standing`` again at the exchange, on refresh and whenever
a premise changes (DESIGN rule 8). Both are pure: they see values and say yes or no. Both stand on
the path of every exchange, so an explanation costs nothing until somebody was refused.
"""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.people.principals import Actor
from understudy.core.rules.application import APPLICATION_INACTIVE
from understudy.core.rules.chain import RULES, Chain
from understudy.core.rules.decision import Decision, Deny, Limits, Permit
from understudy.core.rules.question import Question, Snapshot
from understudy.core.rules.request import longest
from understudy.core.rules.rule import Rule


def decide(request: ImpersonationRequest, snapshot: Snapshot, *, chain: Chain = RULES) -> Decision:
    """The decision on ``request``."""
    application = snapshot.application
    if application is None:
        return _deny(APPLICATION_INACTIVE, (APPLICATION_INACTIVE,))
    question = Question(
        application=application,
        actor=request.actor,
        organization_id=_tenant(request, snapshot),
        seen=snapshot,
        request=request,
    )
    for rule in chain.rules:
        # The first one decides: the order of the chain is what callers come to know of a subject.
        if rule.refuses(question):
            return _deny(rule, chain.rules)
    return Permit(limits=_limits(request, application), asked=chain.codes)


def standing(
    actor: Actor,
    organization_id: OrganizationId | None,
    snapshot: Snapshot,
    *,
    chain: Chain = RULES,
) -> Deny | None:
    """Why a grant's premises no longer hold, or None while they do."""
    if snapshot.application is None:
        return _deny(APPLICATION_INACTIVE, (APPLICATION_INACTIVE,))
    question = Question(
        application=snapshot.application,
        actor=actor,
        organization_id=organization_id,
        seen=snapshot,
    )
    for rule in chain.premises:
        if rule.refuses(question):
            return _deny(rule, chain.premises)
    return None


def _deny(rule: Rule, asked: tuple[Rule, ...]) -> Deny:
    return Deny(rule=rule, asked=tuple(one.code for one in asked[: asked.index(rule) + 1]))


def _tenant(request: ImpersonationRequest, snapshot: Snapshot) -> OrganizationId | None:
    """The organization asked for; the subject's own when none was named."""
    if request.organization_id is not None or snapshot.subject is None:
        return request.organization_id
    return snapshot.subject.organization_id


def _limits(request: ImpersonationRequest, application: Application) -> Limits:
    settings = application.settings
    return Limits(
        minutes=request.minutes or min(settings.default_minutes, longest(settings)),
        scope=request.scope or settings.default_scope,
        reason=request.reason.strip(),
        ticket=(request.ticket or "").strip() or None,
        return_to=request.return_to,
    )
