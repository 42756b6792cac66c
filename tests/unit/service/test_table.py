from __future__ import annotations

from understudy.core.people.permissions import ROLE_PERMISSIONS, Permission, Role
from understudy.service.table import TABLE


def test_every_permission_is_asked_for_by_some_endpoint() -> None:
    asked = {one.access.permission for wire in TABLE for one in wire.endpoints} - {None}
    assert asked == set(Permission)


def test_every_permission_is_in_some_role_and_every_role_has_some() -> None:
    held = [ROLE_PERMISSIONS[role] for role in Role]
    assert frozenset().union(*held) == set(Permission)
    assert all(held)
