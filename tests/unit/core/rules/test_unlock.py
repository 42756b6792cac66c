from __future__ import annotations

import pytest

from tests.unit.core.factories import NOW, operator
from understudy.core.people.permissions import Role
from understudy.core.rules.unlock import may_decide


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ADMIN, True),
        (Role.SUPPORT_MANAGER, True),
        (Role.APPROVER, True),
        (Role.AUDITOR, False),
    ],
)
def test_who_decides_about_single_changes(role: Role, may: bool) -> None:
    assert may_decide(operator(roles=frozenset({role}))) is may


def test_nobody_who_is_frozen_decides() -> None:
    assert not may_decide(operator(roles=frozenset({Role.ADMIN}), frozen_at=NOW))
