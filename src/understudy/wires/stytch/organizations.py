"""Organizations as the SDKs create, find and change them: the application's own directory."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import msgspec

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId
from understudy.core.notices.events import Party
from understudy.core.people.principals import Organization, Status
from understudy.core.ports import Reader, Unit
from understudy.core.text import require_id
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import Further
from understudy.flows.origin import Origin
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.kept import KeptOrganization, changed, kept_of_organization, with_kept
from understudy.wires.stytch.organization_texts import (
    require_organization_lines,
    require_role_texts,
)
from understudy.wires.stytch.requests import ChangeOrganization, Role

_SLUG = re.compile(r"[A-Za-z0-9._~-]{2,128}")
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9._~-]+")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The application that asks, and how its work is written down."""

    application: Application
    by: Party
    origin: Origin


def find(reader: Reader, application_id: str, name: str) -> Organization:
    """The organization of this id, slug or external id, in this order.

    :raises NotFound: none that was not deleted.
    """
    table = reader.organizations
    found = table.get(application_id, OrganizationId(name))
    if found is None or found.status is Status.DELETED:
        found = table.by_slug(application_id, name) or table.by_external_id(application_id, name)
    if found is None:
        raise refused(ErrorType.ORGANIZATION_NOT_FOUND, "There is no such organization.")
    return found


def create(unit: Unit, change: ChangeOrganization, caller: Caller) -> Organization:
    """A new organization with an id of our making.

    :raises InvalidInput: no name, a slug that cannot be one, or a name that is taken.
    """
    if change.organization_name is None:
        raise refused(ErrorType.BAD_REQUEST, "organization_name is required.")
    slug = change.organization_slug
    if slug is None:
        slug = _slug(change.organization_name, unit.random(3))
    change = msgspec.structs.replace(change, organization_slug=slug)
    return _save(unit, None, change, OrganizationId(new_id("organization", unit)), caller)


def update(unit: Unit, name: str, change: ChangeOrganization, caller: Caller) -> Organization:
    """Change an organization.

    :raises NotFound: no such organization.
    :raises InvalidInput: see ``create``.
    """
    known = find(unit, caller.application.id, name)
    return _save(unit, known, change, known.id, caller)


def set_roles(unit: Unit, name: str, roles: list[Role], caller: Caller) -> Organization:
    """Replace the roles that one organization added.

    :raises NotFound: no such organization.
    :raises InvalidInput: something that a role says is no text.
    """
    known = find(unit, caller.application.id, name)
    require_role_texts(roles)
    kept = msgspec.structs.replace(kept_of_organization(known), custom_roles=roles)
    further = Further(
        slug=known.slug, external_id=known.external_id, extra=with_kept(known.extra, kept)
    )
    return maintain.save_organization(
        unit,
        caller.application,
        known.id,
        name=known.name,
        disabled=None,
        further=further,
        by=caller.by,
        origin=caller.origin,
    )


def delete_external_id(unit: Unit, name: str, caller: Caller) -> Organization:
    """Take an organization's further name away.

    :raises NotFound: no such organization.
    """
    known = find(unit, caller.application.id, name)
    return maintain.save_organization(
        unit,
        caller.application,
        known.id,
        name=known.name,
        disabled=None,
        further=Further(slug=known.slug, extra=known.extra),
        by=caller.by,
        origin=caller.origin,
    )


def delete(unit: Unit, name: str, caller: Caller) -> Organization:
    """Delete an organization; the sessions in it end. Its members stay in the directory.

    :raises NotFound: no such organization.
    """
    known = find(unit, caller.application.id, name)
    maintain.delete_organization(
        unit, caller.application, known.id, by=caller.by, origin=caller.origin
    )
    return known


def new_id(kind: str, unit: Unit) -> str:
    """A fresh id in the vendor's style."""
    return f"{kind}-{uuid.UUID(bytes=unit.random(16), version=4)}"


def _save(
    unit: Unit,
    known: Organization | None,
    change: ChangeOrganization,
    organization_id: OrganizationId,
    caller: Caller,
) -> Organization:
    kept = kept_of_organization(known) if known else KeptOrganization()
    slug = change.organization_slug or (known.slug if known else None)
    external_id = change.organization_external_id or (known.external_id if known else None)
    require_organization_lines(change)
    _require_free(unit, caller.application.id, organization_id, change)
    extra = with_kept(known.extra if known else {}, changed(kept, change))
    return maintain.save_organization(
        unit,
        caller.application,
        organization_id,
        name=change.organization_name or (known.name if known else ""),
        disabled=None,
        further=Further(slug=slug, external_id=external_id, extra=extra),
        by=caller.by,
        origin=caller.origin,
    )


def _require_free(
    unit: Unit, application_id: str, organization_id: OrganizationId, change: ChangeOrganization
) -> None:
    slug, external_id = change.organization_slug, change.organization_external_id
    if slug is not None:
        require_id(slug, "organization_slug")
        if _SLUG.fullmatch(slug) is None:
            raise refused(
                ErrorType.INVALID_SLUG, "A slug has 2 to 128 letters, digits or any of - . _ ~"
            )
        other = unit.organizations.by_slug(application_id, slug)
        if other is not None and other.id != organization_id:
            raise refused(ErrorType.SLUG_USED, "Another organization has this slug.")
    if external_id is not None:
        other = unit.organizations.by_external_id(application_id, external_id)
        if other is not None and other.id != organization_id:
            raise refused(
                ErrorType.ORGANIZATION_EXTERNAL_ID_USED,
                "Another organization has this external id.",
            )


def _slug(name: str, chance: bytes) -> str:
    """A slug that says the name and belongs to nobody else, for callers who give none."""
    readable = _NOT_IN_SLUGS.sub("-", name.casefold()).strip("-")[:100]
    return f"{readable or 'organization'}-{chance.hex()}"
