from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fixtures.engine import START
from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator, OperatorSession, OperatorStatus
from understudy.core.rules.chain import RULES
from understudy.core.rules.request import TICKET_MISSING
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import SUBJECT_PROTECTED, SUBJECT_UNAVAILABLE, SUBJECT_UNKNOWN
from understudy.http.principal import ANYBODY, OperatorPrincipal
from understudy.http.refusals import refusal

SAM = Operator(
    id=OperatorId("opr_1"),
    email="sam@support.example",
    name="Sam",
    roles=frozenset({Role.SUPPORT_MANAGER}),
    status=OperatorStatus.ACTIVE,
    created_at=START,
    updated_at=START,
)
SESSION = OperatorSession(
    id="ops_1",
    operator_id=OperatorId("opr_1"),
    token_hash=b"",
    created_at=START,
    last_seen_at=START,
    expires_at=START,
)


@pytest.mark.parametrize("rule", RULES.all, ids=lambda rule: rule.code)
def test_every_rule_is_explained(rule: Rule) -> None:
    assert rule.text.endswith(".")
    assert rule.lift.endswith(".")
    assert refusal(rule, ANYBODY).detail == f"{rule.text} {rule.lift}"


def test_whoever_reads_the_directory_is_told_the_rule() -> None:
    principal = OperatorPrincipal(operator=SAM, session=SESSION)
    error = refusal(SUBJECT_PROTECTED, principal)
    assert (error.rule, error.detail) == ("subject_protected", SUBJECT_PROTECTED.explanation)


def test_to_others_unknown_protected_and_forbidden_look_the_same() -> None:
    blind = OperatorPrincipal(operator=replace(SAM, roles=frozenset()), session=SESSION)
    concealed = [refusal(rule, blind) for rule in RULES.all if rule.concealed]
    assert len(concealed) == 12
    told = {(error.rule, error.detail) for error in concealed}
    assert told == {("subject_unavailable", SUBJECT_UNAVAILABLE.explanation)}
    assert refusal(TICKET_MISSING, blind).rule == "ticket_missing"


def test_an_application_keeps_its_own_directory() -> None:
    assert refusal(SUBJECT_UNKNOWN, ANYBODY).rule == "subject_unknown"
