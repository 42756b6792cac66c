"""Rules about a grant that is to be used. The flows that hold the grant apply them."""

from __future__ import annotations

from understudy.core.rules.rule import Lifter, Rule

GRANT_CLOSED = Rule(
    code="grant_closed",
    text="This permission is used up, cancelled or expired.",
    lifted_by=Lifter.ASKER,
    lift="Ask anew: a permission leads to one session.",
)
GRANT_OUTDATED = Rule(
    code="grant_outdated",
    text="The application was switched off, or its secret replaced, since this was permitted.",
    lifted_by=Lifter.ASKER,
    lift="Ask anew: what waited was cancelled.",
)
LAUNCH_NOT_ARMED = Rule(
    code="launch_not_armed",
    text="This launch was not started in this browser, or more than a minute ago.",
    lifted_by=Lifter.ASKER,
    lift="Open the app from the dashboard again.",
)
