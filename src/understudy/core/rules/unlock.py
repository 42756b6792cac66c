"""Rules about one blocked write that is to be allowed once. The flows about it apply them."""

from __future__ import annotations

from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Operator
from understudy.core.rules.rule import Lifter, Rule


def may_decide(operator: Operator) -> bool:
    """Whether ``operator`` is among those who decide about single changes, and is not frozen."""
    return operator.may(Permission.UNLOCKS_DECIDE) and operator.frozen_at is None


UNLOCKS_OFF = Rule(
    code="unlocks_off",
    text="This application does not let single changes be asked for.",
    lifted_by=Lifter.ADMIN,
)
UNLOCK_NOT_NEEDED = Rule(
    code="unlock_not_needed",
    text="This session may change things anyway, so there is nothing to ask for.",
    lifted_by=Lifter.NOBODY,
    lift="Do it in the app.",
)
UNLOCK_MISSING = Rule(
    code="unlock_missing",
    text="Nobody has allowed exactly this change, or it was made already.",
    lifted_by=Lifter.ASKER,
    lift="Ask for it: somebody who decides about changes may allow it once.",
)
UNLOCK_CLOSED = Rule(
    code="unlock_closed",
    text="This was decided already, waited for too long, or its session is over.",
    lifted_by=Lifter.ASKER,
    lift="Let its actor ask anew, if it is still wanted.",
)
TOO_MANY_UNLOCKS = Rule(
    code="too_many_unlocks",
    text="Several changes of this session wait for a decision.",
    lifted_by=Lifter.ASKER,
    lift="Wait until they are decided.",
)
DECIDER_IS_ACTOR = Rule(
    code="decider_is_actor",
    text="Nobody decides about what they ask for themselves.",
    lifted_by=Lifter.NOBODY,
    lift="Somebody else has to look at it.",
)
DECIDER_IS_SUBJECT = Rule(
    code="decider_is_subject",
    text="This is about your own account in the app.",
    lifted_by=Lifter.NOBODY,
    lift="Somebody else has to look at it.",
)

UNLOCK_RULES = (
    UNLOCKS_OFF,
    UNLOCK_NOT_NEEDED,
    UNLOCK_MISSING,
    UNLOCK_CLOSED,
    TOO_MANY_UNLOCKS,
    DECIDER_IS_ACTOR,
    DECIDER_IS_SUBJECT,
)
