"""Rules about one hidden field that somebody asks to see. The flow about it applies them."""

from __future__ import annotations

from understudy.core.rules.rule import Lifter, Rule

REVEAL_NOT_ALLOWED = Rule(
    code="reveal_not_allowed",
    text="This field is not shown to anybody who works as a user.",
    lifted_by=Lifter.ADMIN,
)
TOO_MANY_REVEALS = Rule(
    code="too_many_reveals",
    text="As many fields were revealed in this session as may be.",
    lifted_by=Lifter.ASKER,
    lift="Start another session, for a reason of its own.",
)

REVEAL_RULES = (REVEAL_NOT_ALLOWED, TOO_MANY_REVEALS)
