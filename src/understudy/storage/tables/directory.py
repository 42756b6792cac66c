"""Applications, organizations and subjects, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.people.principals import Organization, Subject
from understudy.core.ports import (
    FIRST_PAGE,
    MOST_HELD,
    HeldRoles,
    Page,
    SubjectFilter,
    SubjectOrder,
    Vault,
)
from understudy.storage.database.connection import Params, Row, Transaction, Value
from understudy.storage.tables.folding import containing, fold, searchable
from understudy.storage.tables.letters import lettered
from understudy.storage.tables.look_up import LookUp, first_found
from understudy.storage.tables.paging import after_name
from understudy.storage.tables.rows import Codec, Conversion
from understudy.storage.tables.settings import read_settings, write_settings

_APPLICATION = Codec(
    Application, own=[Conversion(name="settings", write=write_settings, read=read_settings)]
)
_ORGANIZATION = Codec(Organization)
_SUBJECT = Codec(Subject)
_HELD_ROLES = Codec(HeldRoles)
_APPLICATION_BY_ID = LookUp(_APPLICATION, "applications_get")
_ORGANIZATION_BY_ID = LookUp(_ORGANIZATION, "organizations_get")
_SUBJECT_BY_ID = LookUp(_SUBJECT, "subjects_get")
_WINDOWS = {
    SubjectOrder.OLDEST_FIRST: "subjects_oldest",
    SubjectOrder.NEWEST_FIRST: "subjects_newest",
}
LOOKED_AT = 1_000
"""So many are looked at before the index is asked; a small directory is never asked for more."""
PAGES_LOOKED_AT = 20
"""So many pages at least: one that is long takes more to fill."""


class ApplicationTable:
    """The customers' apps."""

    def __init__(self, db: Transaction, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    def get(self, application_id: str) -> Application | None:
        """The application with this id."""
        return _APPLICATION_BY_ID.get(self._db, application_id)

    def by_secret(self, secret: str) -> Application | None:
        """The application whose secret it is, or was before the last rotation."""
        hashes = self._vault.token_hashes(TokenPurpose.APPLICATION_SECRET, secret)
        return first_found(self.by_secret_hash, hashes)

    def by_secret_hash(self, secret_hash: bytes) -> Application | None:
        """The application whose secret is stored as this, or was before the last rotation."""
        row = self._db.one("applications_by_secret_hash", {"secret_hash": secret_hash})
        return _APPLICATION.read(row) if row else None

    def list(self) -> Sequence[Application]:
        """All, by name."""
        return [_APPLICATION.read(row) for row in self._db.all("applications_list")]

    def add(self, application: Application) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("applications_add", _APPLICATION.write(application))

    def save(self, application: Application) -> None:
        """Replace by id."""
        self._db.change("applications_save", _APPLICATION.write(application))


class OrganizationTable:
    """Tenants, by application."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, application_id: str, organization_id: OrganizationId) -> Organization | None:
        """The organization with this id in its application, deleted or not."""
        return _ORGANIZATION_BY_ID.get(self._db, application_id, organization_id)

    def by_slug(self, application_id: str, slug: str) -> Organization | None:
        """The organization of this slug, unless it was deleted."""
        key = {"application_id": application_id, "slug": slug}
        row = self._db.one("organizations_by_slug", key)
        return _ORGANIZATION.read(row) if row else None

    def by_external_id(self, application_id: str, external_id: str) -> Organization | None:
        """The organization of this further id, unless it was deleted."""
        key = {"application_id": application_id, "external_id": external_id}
        row = self._db.one("organizations_by_external_id", key)
        return _ORGANIZATION.read(row) if row else None

    def search(
        self, application_id: str, *, query: str = "", page: Page = FIRST_PAGE
    ) -> Sequence[Organization]:
        """A page by ``(folded name, id)``."""
        where = {
            "application_id": application_id,
            "words": containing(query),
            "limit": page.limit,
            **after_name(page),
        }
        return [_ORGANIZATION.read(row) for row in self._db.all("organizations_search", where)]

    def save(self, organization: Organization) -> None:
        """Insert or replace by application and id."""
        folded: dict[str, Value] = {
            "folded_name": fold(organization.name),
            "folded_text": searchable(organization.id, organization.name),
        }
        self._db.run("organizations_save", _ORGANIZATION.write(organization) | folded)


class SubjectTable:
    """Users, by application."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, application_id: str, subject_id: SubjectId) -> Subject | None:
        """The subject with this id in its application, deleted or not."""
        return _SUBJECT_BY_ID.get(self._db, application_id, subject_id)

    def search(self, where: SubjectFilter, page: Page = FIRST_PAGE) -> Sequence[Subject]:
        """A page by ``(folded name, id)``."""
        params = {**_subject_params(where), "limit": page.limit, **after_name(page)}
        named = where.ids or where.emails or where.external_ids
        if named or not params["words"]:
            rows = self._db.all("subjects_search", params)
        else:
            rows = self._meant(params, where, page.limit)
        return [_SUBJECT.read(row) for row in rows]

    def _meant(self, params: Params, where: SubjectFilter, limit: int) -> Sequence[Row]:
        """The page of those whom words mean, found without a look at everybody.

        What many have in common soon fills a page by walking through the names; what few have, the
        index of letters finds.
        """
        params = {**params, "looked_at": max(LOOKED_AT, PAGES_LOOKED_AT * limit)}
        rows = self._db.all("subjects_walk", params)
        if len(rows) == limit or self._db.one("subjects_beyond", params) is None:
            return rows
        return self._db.all(
            "subjects_find", {**params, **lettered(where.query, where.application_id)}
        )

    def count(self, where: SubjectFilter) -> int:
        """How many there are."""
        row = self._db.one("subjects_count", _subject_params(where))
        return int(row["number"] or 0) if row else 0

    def held_roles(self, application_id: str) -> Sequence[HeldRoles]:
        """Each set of roles with how many hold it."""
        where: Params = {"application_id": application_id, "limit": MOST_HELD}
        return [_HELD_ROLES.read(row) for row in self._db.all("subjects_by_roles", where)]

    def honey(self, application_id: str) -> Sequence[Subject]:
        """Those whom nobody has a reason to become, by id."""
        rows = self._db.all("subjects_honey", {"application_id": application_id})
        return [_SUBJECT.read(row) for row in rows]

    def ids(self, application_id: str) -> Sequence[SubjectId]:
        """All who are not deleted."""
        rows = self._db.all("subjects_ids", {"application_id": application_id})
        return [SubjectId(str(row["id"])) for row in rows]

    def window(
        self, where: SubjectFilter, *, order: SubjectOrder, offset: int, limit: int
    ) -> Sequence[Subject]:
        """``limit`` subjects after the first ``offset``."""
        params = {**_subject_params(where), "offset": offset, "limit": limit}
        return [_SUBJECT.read(row) for row in self._db.all(_WINDOWS[order], params)]

    def save(self, subject: Subject) -> None:
        """Insert or replace by application and id."""
        folded: dict[str, Value] = {
            "folded_name": fold(subject.name or ""),
            "folded_text": searchable(subject.id, subject.email, subject.name),
        }
        self._db.run("subjects_save", _SUBJECT.write(subject) | folded)


def _subject_params(where: SubjectFilter) -> Params:
    return {
        "application_id": where.application_id,
        "organization_id": where.organization_id,
        "ids": tuple(sorted(where.ids)),
        "emails": tuple(sorted(where.emails)),
        "external_ids": tuple(sorted(where.external_ids)),
        "statuses": tuple(sorted(where.statuses)),
        "words": containing(where.query),
    }
