"""Rules that hold those who may impersonate to limits of their own."""

from __future__ import annotations

from understudy.core.impersonation.sessions import EndCause
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule
from understudy.core.rules.subject import SUBJECT_UNKNOWN


def _is_honey(question: Question) -> bool:
    subject = question.seen.subject
    return subject is not None and subject.honey_since is not None


def _is_colleague(question: Question) -> bool:
    return question.seen.colleague is not None


SUBJECT_IS_HONEY = Rule(
    code="subject_is_honey",
    text="Nobody has a reason to work in this account. An alarm was raised.",
    lifted_by=Lifter.NOBODY,
    concealed=True,
    end_cause=EndCause.SUBJECT_INACTIVE,
    refuses=_is_honey,
    shown_as=SUBJECT_UNKNOWN,
)
SUBJECT_IS_COLLEAGUE = Rule(
    code="subject_is_colleague",
    text="This user is a colleague, in whose account nobody works.",
    lifted_by=Lifter.ADMIN,
    concealed=True,
    end_cause=EndCause.SUBJECT_PROTECTED,
    refuses=_is_colleague,
)
