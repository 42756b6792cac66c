"""Within which application a caller may look around (DESIGN rule 10)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from understudy.core.applications.application import Application
from understudy.core.ports import Reader
from understudy.errors import InvalidInput, NotFound
from understudy.flows.known_application import known_application
from understudy.http.principal import ApplicationPrincipal, Principal


def optional_application(principal: Principal, given: str | UnsetType) -> str | None:
    """The application that a list is confined to; None (operators only) means all of them.

    :raises NotFound: when an application asks for another one.
    """
    if isinstance(principal, ApplicationPrincipal):
        if given not in (UNSET, principal.id):
            raise NotFound
        return principal.id
    return None if given is UNSET else str(given)


def required_application(
    principal: Principal, given: str | UnsetType, reader: Reader
) -> Application:
    """The application that is meant; operators have to say which.

    :raises InvalidInput: when an operator does not.
    :raises NotFound: no such application, or not the caller's own.
    """
    if isinstance(principal, ApplicationPrincipal):
        optional_application(principal, given)
        return principal.application
    if given is UNSET:
        raise InvalidInput("Say which application is meant.", facts={"field": "application_id"})
    return known_application(reader, str(given))


def as_of(reader: Reader, application: Application) -> Application:
    """``application`` as ``reader`` sees it: what was known when the caller signed in may be
    older than the settings that a session is held to.
    """
    return reader.applications.get(application.id) or application


def require_own(principal: Principal, application_id: str | None) -> None:
    """Return only if what belongs to ``application_id`` may be seen by ``principal``.

    :raises NotFound: as if it did not exist.
    """
    if isinstance(principal, ApplicationPrincipal) and principal.id != application_id:
        raise NotFound
