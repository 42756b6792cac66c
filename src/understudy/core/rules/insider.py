"""Rules that hold those who may impersonate to limits of their own."""

from __future__ import annotations

from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule


def _budget_spent(question: Question) -> bool:
    return question.seen.budget_spent


BUDGET_SPENT = Rule(
    code="budget_spent",
    # Neither which limit it was nor how far it goes: nobody shall find out by trying.
    text="This takes somebody else's agreement, as you have worked in many accounts of late.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can raise the limit in the application's settings. It passes with time, too.",
    refuses=_budget_spent,
)
