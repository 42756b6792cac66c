from __future__ import annotations

from understudy.core.people.permissions import ROLE_PERMISSIONS, Permission, Role, permissions_of


def test_an_operator_without_a_role_may_do_nothing() -> None:
    assert permissions_of([]) == frozenset()


def test_whoever_sets_the_rules_does_not_work_under_them() -> None:
    assert Permission.IMPERSONATION_START not in ROLE_PERMISSIONS[Role.ADMIN]
    assert Permission.APPLICATIONS_WRITE not in ROLE_PERMISSIONS[Role.SUPPORT_MANAGER]


def test_an_auditor_changes_nothing() -> None:
    reading = {
        Permission.AUDIT_EXPORT,
        *(permission for permission in Permission if permission.endswith(".read")),
    }
    assert ROLE_PERMISSIONS[Role.AUDITOR] <= reading


def test_roles_add_up() -> None:
    both = permissions_of([Role.ADMIN, Role.SUPPORT_MANAGER])
    assert both == ROLE_PERMISSIONS[Role.ADMIN] | ROLE_PERMISSIONS[Role.SUPPORT_MANAGER]
