from __future__ import annotations

from understudy.core.people.permissions import Permission
from understudy.http.access import Access, operator, operator_or_application

READ = Permission.AUDIT_READ


def test_nobody_may_call_unless_it_is_said() -> None:
    nobody = Access()
    assert not any((nobody.public, nobody.application, nobody.operator, nobody.bearer))


def test_what_needs_a_permission_is_neither_public_nor_for_applications() -> None:
    assert operator(READ) == Access(
        public=False, application=False, operator=True, permission=READ, bearer=False
    )


def test_what_applications_may_call_too_keeps_the_operators_permission() -> None:
    assert operator_or_application(READ) == Access(
        public=False, application=True, operator=True, permission=READ, bearer=False
    )
