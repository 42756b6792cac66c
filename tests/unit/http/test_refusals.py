from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fixtures.engine import START
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator, OperatorSession, OperatorStatus
from understudy.core.rules.policy import CONCEALED, Rule
from understudy.http import refusals
from understudy.http.principal import ANYBODY, OperatorPrincipal
from understudy.http.refusals import CONCEALED_RULE, TEXTS, explain, refusal

SAM = Operator(
    id="opr_1",
    email="sam@support.example",
    name="Sam",
    roles=frozenset({Role.SUPPORT_MANAGER}),
    status=OperatorStatus.ACTIVE,
    created_at=START,
    updated_at=START,
)
SESSION = OperatorSession(
    id="ops_1",
    operator_id="opr_1",
    token_hash=b"",
    created_at=START,
    last_seen_at=START,
    expires_at=START,
)


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_is_explained(rule: Rule) -> None:
    assert explain(rule).endswith(".")
    assert len(TEXTS) == len(Rule) + 1


def test_whoever_reads_the_directory_is_told_the_rule() -> None:
    principal = OperatorPrincipal(operator=SAM, session=SESSION)
    error = refusal(Rule.SUBJECT_PROTECTED, principal)
    assert (error.rule, error.detail) == ("subject_protected", TEXTS[Rule.SUBJECT_PROTECTED])


def test_to_others_unknown_protected_and_forbidden_look_the_same() -> None:
    blind = OperatorPrincipal(operator=replace(SAM, roles=frozenset()), session=SESSION)
    told = {(refusal(rule, blind).rule, refusal(rule, blind).detail) for rule in CONCEALED}
    assert told == {(CONCEALED_RULE, TEXTS[CONCEALED_RULE])}
    assert refusal(Rule.TICKET_MISSING, blind).rule == "ticket_missing"


def test_an_application_keeps_its_own_directory() -> None:
    assert refusal(Rule.SUBJECT_UNKNOWN, ANYBODY).rule == "subject_unknown"
    assert refusals.CONCEALED_RULE not in set(Rule)
