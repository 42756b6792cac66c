"""Whether others have to agree, who they may be, and whether enough of them do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from understudy.core.governance.approvals import ApprovalTerms, Approvers
from understudy.core.governance.policies import PolicyVerdict
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.identities import Identity
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Operator
from understudy.core.rules.governed import verdict_on
from understudy.core.rules.question import Question, Snapshot
from understudy.core.rules.rule import Lifter, Rule

Source = Callable[[Question], int]
"""How many others have to agree, as far as one of those who may ask for it is concerned."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """Whose work somebody is to judge, and whom it was about."""

    actor: Identity
    subject: Identity


def _by_application(question: Question) -> int:
    return question.application.settings.approval.quorum


def _by_policies(question: Question) -> int:
    verdict = verdict_on(question)
    return 0 if verdict is None else verdict.quorum


def _by_budget(question: Question) -> int:
    return 1 if question.seen.budget_spent else 0


SOURCES: tuple[Source, ...] = (_by_application, _by_policies, _by_budget)


def quorum_wanted(question: Question) -> int:
    """How many others have to agree: as many as whoever asks for the most; 0 for nobody."""
    return max(source(question) for source in SOURCES)


def _break_glass_refused(question: Question) -> bool:
    request, terms = question.request, question.application.settings.approval
    return request is not None and request.break_glass and not terms.break_glass


def may_break_glass(seen: Snapshot) -> bool:
    """Whether anybody goes ahead without the others in this application by now."""
    return seen.application is not None and seen.application.settings.approval.break_glass


def approvers_within(terms: ApprovalTerms, verdict: PolicyVerdict | None) -> tuple[Approvers, ...]:
    """Of each of whom somebody has to be in order to agree: those whom the policies want, where
    they name anybody.

    Where the application itself wants somebody to agree, both have to be content.
    """
    if verdict is None or not verdict.approvers:
        return (terms.approvers,)
    named = Approvers.named(verdict.approvers)
    return (named, terms.approvers) if terms.quorum else (named,)


def may_approve(operator: Operator, wanted: Iterable[Approvers]) -> bool:
    """Whether ``operator`` is among those who may agree at all, and is not frozen."""
    may = operator.may(Permission.APPROVALS_DECIDE) and operator.frozen_at is None
    return may and all(approvers.has(operator) for approvers in wanted)


def why_not_approver(
    operator: Operator, known_as: Identity, judged: Judged, wanted: Iterable[Approvers]
) -> Rule | None:
    """The rule by which ``operator`` may not agree to what is ``judged``; None while they may."""
    if not may_approve(operator, wanted):
        return APPROVER_NOT_ALLOWED
    return why_not_reviewer(known_as, judged)


def why_not_reviewer(known_as: Identity, judged: Judged) -> Rule | None:
    """The rule by which whoever is ``known_as`` may not judge it; None while they may."""
    if known_as.is_same_as(judged.actor):
        return APPROVER_IS_ACTOR
    return APPROVER_IS_SUBJECT if known_as.is_same_as(judged.subject) else None


BREAK_GLASS_NOT_ALLOWED = Rule(
    code="break_glass_not_allowed",
    text="This application lets nobody go ahead without approval.",
    lifted_by=Lifter.ADMIN,
    refuses=_break_glass_refused,
)
APPROVAL_MISSING = Rule(
    code="approval_missing",
    text="Not enough of those who may agree to this do so by now.",
    lifted_by=Lifter.ASKER,
    lift="Wait until they do, or ask anew.",
    end_cause=EndCause.APPROVAL_WITHDRAWN,
)
APPROVAL_REQUIRED = Rule(
    code="approval_required",
    text="Somebody else has to agree first, and nobody can wait for that on this way.",
    lifted_by=Lifter.ASKER,
    lift="Start from the dashboard, or by the native API.",
)
APPROVER_NOT_ALLOWED = Rule(
    code="approver_not_allowed",
    text="None of your roles and groups may agree to this in this application, or a case about you"
    " is open.",
    lifted_by=Lifter.ADMIN,
)
APPROVER_IS_ACTOR = Rule(
    code="approver_is_actor",
    text="This is your own request, and nobody agrees to their own.",
    lifted_by=Lifter.NOBODY,
    lift="Ask a colleague.",
)
APPROVER_IS_SUBJECT = Rule(
    code="approver_is_subject",
    text="This request is about your own account in the app.",
    lifted_by=Lifter.NOBODY,
    lift="Leave it to a colleague.",
)
