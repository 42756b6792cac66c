"""Rules that hold those who may impersonate to limits of their own."""

from __future__ import annotations

from understudy.core.impersonation.sessions import EndCause
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule


def _is_colleague(question: Question) -> bool:
    return question.seen.colleague is not None


def _budget_spent(question: Question) -> bool:
    return question.seen.budget_spent


SUBJECT_IS_COLLEAGUE = Rule(
    code="subject_is_colleague",
    text="This user is a colleague, in whose account nobody works.",
    lifted_by=Lifter.ADMIN,
    concealed=True,
    end_cause=EndCause.SUBJECT_PROTECTED,
    refuses=_is_colleague,
)
BUDGET_SPENT = Rule(
    code="budget_spent",
    # Neither which limit it was nor how far it goes: nobody shall find out by trying.
    text="This takes somebody else's agreement, as you have worked in many accounts of late.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can raise the limit in the application's settings. It passes with time, too.",
    refuses=_budget_spent,
)
