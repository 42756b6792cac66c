"""Who may call an endpoint, as a value that authentication checks and the reference shows."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.people.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may call; nobody unless said so.

    With ``permission`` None any signed-in operator may call, and the use case decides the rest.
    ``public`` endpoints look at no credentials at all. With ``bearer`` the application's secret
    comes alone, as a bearer token.
    """

    public: bool = False
    application: bool = False
    operator: bool = False
    permission: Permission | None = None
    bearer: bool = False


PUBLIC = Access(public=True)
APPLICATION = Access(application=True)
BEARER_APPLICATION = Access(application=True, bearer=True)
SIGNED_IN = Access(operator=True)
SIGNED_IN_OR_APPLICATION = Access(operator=True, application=True)


def operator(permission: Permission) -> Access:
    """Operators one of whose roles includes ``permission``."""
    return Access(operator=True, permission=permission)


def operator_or_application(permission: Permission) -> Access:
    """Operators with ``permission``, and applications within their own bounds (DESIGN rule 10)."""
    return Access(operator=True, permission=permission, application=True)
