from __future__ import annotations

from typing import Any

import pytest

from tests.unit.core.factories import application, named_actor, operator, snapshot
from understudy.core.ids import OrganizationId
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator, OperatorStatus
from understudy.core.rules.actor import (
    ACTOR_EMAIL_IS_OPERATORS,
    ACTOR_INACTIVE,
    ACTOR_NOT_ALLOWED,
    NESTED,
)
from understudy.core.rules.question import Question

OPERATOR = Actor.from_operator(operator())


def _question(actor: Actor, **seen: Any) -> Question:
    return Question(
        application=application(),
        actor=actor,
        organization_id=OrganizationId("acme"),
        seen=snapshot(**seen),
    )


@pytest.mark.parametrize(
    "account", [None, operator(id="opr_2"), operator(status=OperatorStatus.DISABLED)]
)
def test_an_operator_acts_with_their_own_active_account_only(account: Operator | None) -> None:
    assert ACTOR_INACTIVE.refuses(_question(OPERATOR, operator=account))
    assert not ACTOR_INACTIVE.refuses(_question(OPERATOR))


def test_an_operator_acts_while_a_role_allows_it() -> None:
    admin = operator(roles=frozenset({Role.ADMIN}))
    assert ACTOR_NOT_ALLOWED.refuses(_question(OPERATOR, operator=admin))
    assert not ACTOR_NOT_ALLOWED.refuses(_question(OPERATOR))


@pytest.mark.parametrize("rule", [ACTOR_INACTIVE, ACTOR_NOT_ALLOWED])
def test_whom_the_application_names_needs_neither_account_nor_role(rule: Any) -> None:
    assert not rule.refuses(_question(named_actor(), operator=None))


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        (ACTOR_EMAIL_IS_OPERATORS, {"email_owner": operator()}),
        (NESTED, {"actor_is_impersonated": True}),
    ],
)
def test_a_named_actor_borrows_neither_an_operators_address_nor_a_session(
    rule: Any, seen: dict[str, Any]
) -> None:
    assert rule.refuses(_question(named_actor(), **seen))
    assert not rule.refuses(_question(named_actor()))
    assert not rule.refuses(_question(OPERATOR, **seen))
