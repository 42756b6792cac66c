from __future__ import annotations

from tests.unit.core.factories import NOW, application, operator
from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Permission, Role
from understudy.core.people.principals import OperatorSession, OperatorStatus
from understudy.http.principal import ANYBODY, ApplicationPrincipal, OperatorPrincipal

SESSION = OperatorSession(
    id="sgn_1",
    operator_id=OperatorId("opr_1"),
    token_hash=b"h",
    created_at=NOW,
    last_seen_at=NOW,
    expires_at=NOW,
)


def test_an_operator_is_named_by_the_account_and_not_by_the_sign_in() -> None:
    assert OperatorPrincipal(operator=operator(), session=SESSION).id == "opr_1"


def test_a_sign_in_outlives_neither_role_nor_account() -> None:
    manager = OperatorPrincipal(operator=operator(), session=SESSION)
    assert manager.may(Permission.IMPERSONATION_START)
    for changed in (
        operator(roles=frozenset({Role.ADMIN})),
        operator(status=OperatorStatus.DISABLED),
    ):
        principal = OperatorPrincipal(operator=changed, session=SESSION)
        assert not principal.may(Permission.IMPERSONATION_START)


def test_an_application_is_named_by_its_id_and_nobody_has_none() -> None:
    assert ApplicationPrincipal(application=application()).id == "app_1"
    assert ANYBODY.id == ""
