from __future__ import annotations

import pytest

from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.rules.chain import RULES
from understudy.core.rules.decision import Deny, Limits, Permit
from understudy.core.rules.rule import Rule

PERMIT = Permit(
    limits=Limits(minutes=5, scope=Scope.FULL, reason="because", ticket=None, return_to=None)
)


def test_a_denial_counts_as_no_and_names_the_rule() -> None:
    denial = Deny(rule=RULES.rules[0], asked=("one", "two"))
    assert not denial
    assert denial.decided_by == "application_inactive"
    assert denial == Deny(rule=RULES.rules[0])


def test_no_single_rule_permits() -> None:
    assert PERMIT.decided_by is None


@pytest.mark.parametrize("rule", RULES.premises, ids=lambda rule: rule.code)
def test_a_session_ends_for_the_cause_of_the_rule_that_refused_it(rule: Rule) -> None:
    assert Deny(rule=rule).end_cause is rule.end_cause


def test_a_rule_without_a_cause_of_its_own_ends_sessions_by_changed_rules() -> None:
    of_requests = next(rule for rule in RULES.rules if rule.code == "reason_missing")
    assert Deny(rule=of_requests).end_cause is EndCause.RULES_CHANGED
