"""The customers' apps, their organizations and their users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.people.principals import Organization, Status, Subject
from understudy.core.ports.paging import FIRST_PAGE, Page


class Applications(Protocol):
    """The customers' apps."""

    def get(self, application_id: str) -> Application | None: ...
    def by_secret(self, secret: str) -> Application | None:
        """The one whose secret it is or was; whether it still counts is the caller's to say."""
        ...

    def list(self) -> Sequence[Application]: ...


class WritableApplications(Applications, Protocol):
    """`Applications` in a unit."""

    def add(self, application: Application) -> None: ...
    def save(self, application: Application) -> None: ...


class Organizations(Protocol):
    """Tenants, by application."""

    def get(self, application_id: str, organization_id: OrganizationId) -> Organization | None: ...
    def by_slug(self, application_id: str, slug: str) -> Organization | None: ...
    def by_external_id(self, application_id: str, external_id: str) -> Organization | None: ...
    def search(
        self, application_id: str, *, query: str = "", page: Page = FIRST_PAGE
    ) -> Sequence[Organization]:
        """Those not deleted, by name then id; ``query`` is folded and matched anywhere in them.

        The sort key of a row is ``(folded name, id)``.
        """
        ...


class WritableOrganizations(Organizations, Protocol):
    """`Organizations` in a unit."""

    def save(self, organization: Organization) -> None: ...


@dataclass(frozen=True, kw_only=True)
class SubjectFilter:
    """Which subjects to show. Deleted ones never are. Empty sets mean any; e-mails are folded."""

    application_id: str
    query: str = ""
    organization_id: OrganizationId | None = None
    ids: frozenset[SubjectId] = frozenset()
    emails: frozenset[str] = frozenset()
    external_ids: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()


class SubjectOrder(StrEnum):
    """By what a window of subjects is ordered; ties by id."""

    OLDEST_FIRST = "oldest_first"
    NEWEST_FIRST = "newest_first"


@dataclass(frozen=True, kw_only=True)
class HeldRoles:
    """The same roles, held by so many subjects."""

    roles: tuple[str, ...]
    users: int


MOST_HELD = 10_000
"""So many sets of roles are looked at; an application has some dozens."""


class Subjects(Protocol):
    """Users, by application."""

    def get(self, application_id: str, subject_id: SubjectId) -> Subject | None: ...
    def search(self, where: SubjectFilter, page: Page = FIRST_PAGE) -> Sequence[Subject]:
        """By name then id; each word of the query stands somewhere in id, e-mail or name.

        Case and accents may be missing, blanks may be doubled, and words come in any order.

        The sort key of a row is ``(folded name, id)``.
        """
        ...

    def count(self, where: SubjectFilter) -> int: ...
    def held_roles(self, application_id: str) -> Sequence[HeldRoles]:
        """Each set of roles with how many hold it: the ``MOST_HELD`` that are held most."""
        ...

    def honey(self, application_id: str) -> Sequence[Subject]:
        """The honey users, who are few, by id."""
        ...

    def ids(self, application_id: str) -> Sequence[SubjectId]:
        """All who are not deleted."""
        ...

    def window(
        self, where: SubjectFilter, *, order: SubjectOrder, offset: int, limit: int
    ) -> Sequence[Subject]:
        """For wires whose clients page by number; what lies before ``offset`` costs time."""
        ...


class WritableSubjects(Subjects, Protocol):
    """`Subjects` in a unit."""

    def save(self, subject: Subject) -> None: ...
