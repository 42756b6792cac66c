"""What each role of an operator may do. The dashboard, the API and the docs read this table."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may do, named ``<noun>.<verb>``. Some endpoint asks for each."""

    DIRECTORY_READ = "directory.read"
    DIRECTORY_WRITE = "directory.write"
    IMPERSONATION_START = "impersonation.start"
    GRANTS_READ = "grants.read"
    SESSIONS_READ = "sessions.read"
    SESSIONS_REVOKE = "sessions.revoke"
    UNLOCKS_DECIDE = "unlocks.decide"
    APPROVALS_DECIDE = "approvals.decide"
    REVIEWS_CLOSE = "reviews.close"
    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    HOLDS_READ = "holds.read"
    HOLDS_WRITE = "holds.write"
    APPLICATIONS_READ = "applications.read"
    APPLICATIONS_WRITE = "applications.write"
    CASES_READ = "cases.read"
    CASES_WRITE = "cases.write"
    HONEY_WRITE = "honey.write"
    WEBHOOKS_READ = "webhooks.read"
    WEBHOOKS_WRITE = "webhooks.write"
    OPERATORS_READ = "operators.read"
    OPERATORS_WRITE = "operators.write"


class Role(StrEnum):
    """A documented set of permissions. An operator may hold several.

    ``APPROVER`` is for those who decide on others' requests, and end what should not go on. Which
    roles may agree in an application, its settings say.
    """

    ADMIN = "admin"
    SUPPORT_MANAGER = "support_manager"
    APPROVER = "approver"
    AUDITOR = "auditor"


_P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # An admin sets the rules but does not work under them: whoever loosens a limit is not,
    # without an audited change of role, the one who profits from it.
    Role.ADMIN: frozenset(set(Permission) - {_P.IMPERSONATION_START}),
    Role.SUPPORT_MANAGER: frozenset(
        {
            _P.DIRECTORY_READ,
            _P.IMPERSONATION_START,
            _P.GRANTS_READ,
            _P.SESSIONS_READ,
            _P.SESSIONS_REVOKE,
            _P.UNLOCKS_DECIDE,
            _P.APPROVALS_DECIDE,
            _P.REVIEWS_CLOSE,
            _P.APPLICATIONS_READ,
        }
    ),
    Role.APPROVER: frozenset(
        {
            _P.DIRECTORY_READ,
            _P.GRANTS_READ,
            _P.SESSIONS_READ,
            _P.SESSIONS_REVOKE,
            _P.UNLOCKS_DECIDE,
            _P.APPROVALS_DECIDE,
            _P.REVIEWS_CLOSE,
            _P.APPLICATIONS_READ,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            _P.DIRECTORY_READ,
            _P.GRANTS_READ,
            _P.SESSIONS_READ,
            _P.AUDIT_READ,
            _P.AUDIT_EXPORT,
            _P.HOLDS_READ,
            _P.CASES_READ,
            _P.APPLICATIONS_READ,
            _P.WEBHOOKS_READ,
            _P.OPERATORS_READ,
        }
    ),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """The union of what ``roles`` include; no role, no permission.

    A role that only a newer version knows includes nothing here.
    """
    return frozenset().union(*(ROLE_PERMISSIONS.get(role, frozenset()) for role in roles))
