"""Whether one actor may become one subject.

``decide`` is asked at the request, ``permitted_still`` again before a session comes of it, and
``standing`` on refresh and whenever a premise changes. All are pure: they see values and say yes or
no. They stand on the path of every exchange, so an explanation costs nothing until somebody was
refused.
"""

from __future__ import annotations

from dataclasses import replace

from understudy.core.applications.application import Application
from understudy.core.governance.consents import Consent
from understudy.core.governance.policies import PolicyVerdict
from understudy.core.ids import OrganizationId
from understudy.core.impersonation.grants import Grant, ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import Actor
from understudy.core.rules.application import APPLICATION_INACTIVE
from understudy.core.rules.approval import APPROVAL_MISSING, quorum_wanted
from understudy.core.rules.chain import RULES, Chain
from understudy.core.rules.decision import Decision, Deny, Limits, Permit, RequireApproval
from understudy.core.rules.governed import POLICY_FORBIDS, verdict_on
from understudy.core.rules.question import Question, Snapshot
from understudy.core.rules.request import minutes_asked, scope_asked
from understudy.core.rules.rule import Rule


def decide(request: ImpersonationRequest, snapshot: Snapshot, *, chain: Chain = RULES) -> Decision:
    """The decision on ``request``."""
    application = snapshot.application
    if application is None:
        return _deny(APPLICATION_INACTIVE, (APPLICATION_INACTIVE,))
    question = asked(request, application, snapshot)
    refused = _first(question, chain.rules)
    if refused is not None:
        return refused
    verdict = verdict_on(question)
    limits = _within(_limits(request, application, snapshot.consent), verdict)
    quorum = quorum_wanted(question)
    if not quorum:
        return Permit(limits=limits, asked=chain.codes, verdict=verdict)
    if request.break_glass:
        shorter = min(limits.minutes, application.settings.approval.break_glass_minutes)
        limits = replace(limits, minutes=shorter)
        return Permit(limits=limits, breaks_glass=True, asked=chain.codes, verdict=verdict)
    return RequireApproval(limits=limits, quorum=quorum, asked=chain.codes, verdict=verdict)


def asked(request: ImpersonationRequest, application: Application, snapshot: Snapshot) -> Question:
    """The question that ``request`` puts to each rule."""
    return Question(
        application=application,
        actor=request.actor,
        organization_id=_tenant(request, snapshot),
        seen=snapshot,
        request=request,
    )


def permitted_still(grant: Grant, snapshot: Snapshot, *, chain: Chain = RULES) -> Deny | None:
    """Why no session may come of ``grant`` any more; None while one may, narrowed or not.

    Every rule is asked anew, also those of the request: a ticket may be required since. Scope and
    minutes were not asked for this time, since they are narrowed instead.
    """
    if snapshot.application is None:
        return _deny(APPLICATION_INACTIVE, (APPLICATION_INACTIVE,))
    question = _asked_again(grant, snapshot, snapshot.application)
    refused = _first(question, chain.rules)
    if refused is None and _waits(grant, question):
        return Deny(rule=APPROVAL_MISSING, asked=(*chain.codes, APPROVAL_MISSING.code))
    return refused


def waits_for_approval(grant: Grant, snapshot: Snapshot) -> bool:
    """Whether fewer agree to ``grant`` than have to by now."""
    application = snapshot.application
    return application is None or _waits(grant, _asked_again(grant, snapshot, application))


def approvals_wanted(grant: Grant, snapshot: Snapshot) -> int:
    """How many have to agree to ``grant`` by now; 0 where its actor went ahead without."""
    application = snapshot.application
    if application is None or grant.review_id is not None:
        return 0
    return _wanted(grant, _asked_again(grant, snapshot, application))


def _waits(grant: Grant, question: Question) -> bool:
    return grant.review_id is None and question.seen.agreed < _wanted(grant, question)


def _wanted(grant: Grant, question: Question) -> int:
    # The stricter holds: what was wanted when it was asked for, and what is wanted by now.
    return max(grant.quorum or 0, quorum_wanted(question))


def _asked_again(grant: Grant, snapshot: Snapshot, application: Application) -> Question:
    return Question(
        application=application,
        actor=grant.actor,
        organization_id=grant.organization_id,
        seen=snapshot,
        request=_as_request(grant),
    )


def standing(
    actor: Actor,
    organization_id: OrganizationId | None,
    snapshot: Snapshot,
    *,
    chain: Chain = RULES,
) -> Deny | None:
    """Why a session's premises no longer hold, or None while they do."""
    if snapshot.application is None:
        return _deny(APPLICATION_INACTIVE, (APPLICATION_INACTIVE,))
    question = Question(
        application=snapshot.application,
        actor=actor,
        organization_id=organization_id,
        seen=snapshot,
    )
    return _first(question, chain.premises)


def verdict_again(grant: Grant, snapshot: Snapshot) -> PolicyVerdict | None:
    """What the application's policies say of ``grant`` by now; None where it has none."""
    if snapshot.application is None:
        return None
    question = Question(
        application=snapshot.application,
        actor=grant.actor,
        organization_id=grant.organization_id,
        seen=snapshot,
    )
    return verdict_on(question)


def _as_request(grant: Grant) -> ImpersonationRequest:
    return ImpersonationRequest(
        application_id=grant.application_id,
        actor=grant.actor,
        subject_id=grant.subject_id,
        organization_id=grant.organization_id,
        reason=grant.reason,
        ticket=grant.ticket,
        return_to=grant.return_to,
        break_glass=grant.review_id is not None,
    )


def _first(question: Question, rules: tuple[Rule, ...]) -> Deny | None:
    for rule in rules:
        # The first one decides: the order of the chain is what callers come to know of a subject.
        if rule.refuses(question):
            verdict = verdict_on(question) if rule is POLICY_FORBIDS else None
            return _deny(rule, rules, verdict)
    return None


def _deny(rule: Rule, asked: tuple[Rule, ...], verdict: PolicyVerdict | None = None) -> Deny:
    codes = tuple(one.code for one in asked[: asked.index(rule) + 1])
    return Deny(rule=rule, asked=codes, verdict=verdict)


def _tenant(request: ImpersonationRequest, snapshot: Snapshot) -> OrganizationId | None:
    """The organization asked for; the subject's own when none was named."""
    if request.organization_id is not None or snapshot.subject is None:
        return request.organization_id
    return snapshot.subject.organization_id


def _limits(
    request: ImpersonationRequest, application: Application, consent: Consent | None
) -> Limits:
    settings = application.settings
    minutes, scope = minutes_asked(request, settings), scope_asked(request, settings)
    if consent is not None:
        # Never wider than what the user agreed to: reading alone is within whatever it was.
        minutes = min(minutes, consent.minutes or minutes)
        scope = scope if consent.allows(scope) else Scope.READ_ONLY
    return Limits(
        minutes=minutes,
        scope=scope,
        reason=request.reason.strip(),
        ticket=(request.ticket or "").strip() or None,
        return_to=request.return_to,
    )


def _within(limits: Limits, verdict: PolicyVerdict | None) -> Limits:
    """``limits``, or the stricter ones of the policies."""
    if verdict is None:
        return limits
    minutes, scope = verdict.minutes_within(limits.minutes), verdict.scope_within(limits.scope)
    return replace(limits, minutes=minutes, scope=scope)
