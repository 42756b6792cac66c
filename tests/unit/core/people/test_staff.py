from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator, OperatorStatus
from understudy.core.people.staff import AHEAD, RECENT_SIGN_IN, StaffAccount, recent_until

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KIM = StaffAccount(
    id="17", email="Kim@Support.example", name="Kim", roles=frozenset({Role.SUPPORT_MANAGER})
)
OPERATOR = Operator(
    id=OperatorId("opr_1"),
    email="kim@support.example",
    name="Kim",
    roles=frozenset({Role.SUPPORT_MANAGER}),
    status=OperatorStatus.ACTIVE,
    created_at=NOW,
    updated_at=NOW,
    staff_id="17",
)


def test_somebody_is_as_the_app_says() -> None:
    assert KIM.is_as(OPERATOR)
    assert not KIM.is_as(replace(OPERATOR, name="Kimberly"))
    assert not KIM.is_as(replace(OPERATOR, email="kim@elsewhere.example"))
    assert KIM.may_go_on_as(replace(OPERATOR, name="Kimberly", email="kim@elsewhere.example"))


@pytest.mark.parametrize(
    "change",
    [
        {"staff_id": "18"},
        {"staff_id": None},
        {"roles": frozenset()},
        {"roles": frozenset({Role.SUPPORT_MANAGER, Role.ADMIN})},
    ],
)
def test_a_sign_in_of_somebody_else_or_with_other_roles_does_not_go_on(
    change: dict[str, object],
) -> None:
    assert not KIM.may_go_on_as(replace(OPERATOR, **change))  # type: ignore[arg-type]
    assert not KIM.is_as(replace(OPERATOR, **change))  # type: ignore[arg-type]


def test_the_later_of_sign_in_and_password_counts() -> None:
    before, after = NOW - timedelta(minutes=9), NOW - timedelta(minutes=2)
    assert recent_until(None, None, NOW) is None
    assert recent_until(before, None, NOW) == before + RECENT_SIGN_IN
    assert recent_until(before, after, NOW) == after + RECENT_SIGN_IN
    assert recent_until(after, before, NOW) == after + RECENT_SIGN_IN


def test_a_sign_in_of_tomorrow_is_not_believed() -> None:
    assert recent_until(NOW + AHEAD, None, NOW) is not None
    assert recent_until(NOW + AHEAD + timedelta(microseconds=1), None, NOW) is None
    assert recent_until(NOW + timedelta(days=1), NOW, NOW) == NOW + RECENT_SIGN_IN
