"""Rules about the tenant within which somebody would work."""

from __future__ import annotations

from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Status
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule


def _mismatch(question: Question) -> bool:
    subject = question.seen.subject
    return subject is None or subject.organization_id != question.organization_id


def _inactive(question: Question) -> bool:
    organization = question.seen.organization
    return organization is not None and organization.status is not Status.ACTIVE


ORGANIZATION_MISMATCH = Rule(
    code="organization_mismatch",
    text="This user does not belong to that organization.",
    lifted_by=Lifter.APPLICATION,
    concealed=True,
    end_cause=EndCause.SUBJECT_INACTIVE,
    refuses=_mismatch,
)
ORGANIZATION_INACTIVE = Rule(
    code="organization_inactive",
    text="The user's organization is disabled.",
    lifted_by=Lifter.APPLICATION,
    concealed=True,
    end_cause=EndCause.SUBJECT_INACTIVE,
    refuses=_inactive,
)
