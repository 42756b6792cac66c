"""Who is calling, once credentials have been checked."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.applications.application import Application
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Operator, OperatorSession


@dataclass(frozen=True, kw_only=True)
class OperatorPrincipal:
    """A person signed in to the dashboard."""

    operator: Operator
    session: OperatorSession

    @property
    def id(self) -> str:
        """The operator's id, which names them in idempotency scopes and rate limits."""
        return self.operator.id

    def may(self, permission: Permission) -> bool:
        """True when one of the operator's roles includes ``permission``."""
        return self.operator.may(permission)


@dataclass(frozen=True, kw_only=True)
class ApplicationPrincipal:
    """The backend of a customer's app."""

    application: Application

    @property
    def id(self) -> str:
        """The application's id."""
        return self.application.id


@dataclass(frozen=True, kw_only=True)
class Anybody:
    """Nobody in particular: the endpoint is public, and no credentials were looked at."""

    id: str = ""


Principal = OperatorPrincipal | ApplicationPrincipal | Anybody
ANYBODY = Anybody()
