"""The rule that a decision point of somebody else's makes."""

from __future__ import annotations

from understudy.core.governance.decision_points import Opinion
from understudy.core.rules.governed import policy_question
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule


def opinion_on(question: Question) -> Opinion | None:
    """What the decision point says to ``question``; None where there is none to be asked.

    :raises Unasked: nobody has asked it yet.
    """
    outside, subject = question.seen.outside, question.seen.subject
    if outside is None or subject is None:
        return None
    return outside.opinion(policy_question(question, outside, subject))


def _refuses(question: Question) -> bool:
    if question.application.settings.decision_point is None:
        return False
    if question.seen.outside is None:
        # Whoever looks without a way to ask is refused, too.
        return True
    opinion = opinion_on(question)
    # About nobody it is not asked: that nobody is there has refused already.
    return opinion is not None and not opinion.permitted


DECISION_POINT_REFUSES = Rule(
    code="decision_point_refuses",
    text="The decision point of this application did not permit it.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can try it under Policies, see what it says, and change which one is asked.",
    concealed=True,
    refuses=_refuses,
)
"""No premise: what lives is looked at all the time, and may not hang on somebody else's network."""
