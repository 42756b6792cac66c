"""The rule that an application's own policies make."""

from __future__ import annotations

from understudy.core.governance.decision_points import Outside
from understudy.core.governance.policies import Moment, Occasion, PolicyQuestion, PolicyVerdict
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Subject
from understudy.core.rules.question import Question
from understudy.core.rules.ranking import rank_of
from understudy.core.rules.request import minutes_asked, scope_asked
from understudy.core.rules.rule import Lifter, Rule


def verdict_on(question: Question) -> PolicyVerdict | None:
    """What the policies in force say to ``question``; None where there are none to be asked."""
    occasion, subject = question.seen.occasion, question.seen.subject
    if occasion is None or subject is None:
        return None
    # About what was granted there is but one thing to ask, whoever asks.
    about = question if occasion.grant is None else occasion.grant
    return occasion.verdict(about, lambda: policy_question(question, occasion, subject))


def policy_question(
    question: Question, occasion: Occasion | Outside, subject: Subject
) -> PolicyQuestion:
    """``question`` as policies look at it, and whoever decides outside."""
    actor, operator, grant = question.actor, question.seen.operator, occasion.grant
    settings = question.application.settings
    reason, ticket, minutes, scope = _wish(question, occasion)
    return PolicyQuestion(
        moment=Moment.START if grant is None else Moment.CONTINUE,
        now=occasion.now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_email=actor.email,
        actor_rank=actor.rank,
        actor_roles=tuple(sorted(operator.roles)) if operator else (),
        actor_groups=operator.groups if operator else actor.groups,
        subject_id=subject.id,
        subject_email=subject.email,
        subject_roles=subject.roles,
        subject_tags=subject.tags,
        subject_rank=rank_of(subject.roles, settings.role_ranks),
        subject_protected=subject.protected,
        organization_id=question.organization_id,
        reason=reason,
        ticket=ticket,
        minutes=minutes,
        scope=scope,
        address=occasion.address,
    )


def _wish(question: Question, occasion: Occasion | Outside) -> tuple[str, str | None, int, Scope]:
    """Reason, ticket, minutes and scope: as they were granted, or else as they are asked for."""
    grant, request = occasion.grant, question.request
    if grant is not None:
        return grant.reason, grant.ticket, grant.minutes, grant.scope
    settings = question.application.settings
    reason, ticket = ("", None) if request is None else (request.reason, request.ticket)
    return (
        reason.strip(),
        (ticket or "").strip() or None,
        minutes_asked(request, settings),
        scope_asked(request, settings),
    )


def _forbids(question: Question) -> bool:
    verdict = verdict_on(question)
    return verdict is not None and not verdict.permitted


POLICY_FORBIDS = Rule(
    code="policy_forbids",
    text="A policy of this application forbids it.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can look under Policies which one, and change it.",
    concealed=True,
    end_cause=EndCause.POLICY_FORBIDS,
    refuses=_forbids,
)
