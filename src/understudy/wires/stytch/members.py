"""Members as the SDKs create, find and change them: subjects that have an organization."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.core.ids import SubjectId
from understudy.core.people.principals import Organization, Status, Subject
from understudy.core.ports import Page, Reader, SubjectFilter, Unit
from understudy.core.text import fold_email
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import Further, SubjectFacts
from understudy.wires.stytch import objects
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.kept import KeptSubject, changed, kept_of_subject, with_kept
from understudy.wires.stytch.organizations import Caller, new_id
from understudy.wires.stytch.requests import ChangeMember, CreateMember

_ONE = Page(limit=1)


def find(reader: Reader, organization: Organization, name: str) -> Subject:
    """The member of this id or external id.

    :raises NotFound: none in this organization that was not deleted.
    """
    found = anywhere(reader, organization.application_id, name)
    if found.organization_id != organization.id:
        raise _not_found()
    return found


def find_by_email(reader: Reader, organization: Organization, email: str) -> Subject:
    """The member with this e-mail address.

    :raises NotFound: none in this organization.
    """
    found = _with_email(reader, organization, email)
    if found is None:
        raise _not_found()
    return found


def anywhere(
    reader: Reader, application_id: str, name: str, *, include_deleted: bool = False
) -> Subject:
    """The member of this id or external id, whatever its organization.

    :raises NotFound: none, or only a deleted one that is not asked for.
    """
    found = by_id(reader, application_id, name, include_deleted=include_deleted)
    if found is None or found.organization_id is None:
        raise _not_found()
    return found


def by_id(
    reader: Reader, application_id: str, name: str, *, include_deleted: bool = False
) -> Subject | None:
    """The subject of this id or external id, as an SDK may name it."""
    found = reader.subjects.get(application_id, SubjectId(name))
    if found is not None and (include_deleted or found.status is not Status.DELETED):
        return found
    where = SubjectFilter(application_id=application_id, external_ids=frozenset({name}))
    return next(iter(reader.subjects.search(where, _ONE)), None)


def create(unit: Unit, organization: Organization, asked: CreateMember, caller: Caller) -> Subject:
    """A new member with an id of our making.

    :raises InvalidInput: no e-mail address, or one that a member of the organization has.
    """
    if asked.email_address is None:
        raise refused(ErrorType.BAD_REQUEST, "email_address is required.")
    _require_free(unit, organization, asked, None)
    kept = changed(KeptSubject(pending=bool(asked.create_member_as_pending)), asked)
    facts = SubjectFacts(
        id=SubjectId(new_id("member", unit)),
        email=asked.email_address,
        name=asked.name or None,
        organization_id=organization.id,
        roles=own_roles(asked.roles or (), objects.MEMBER_ROLE),
        further=Further(external_id=asked.external_id, extra=with_kept({}, kept)),
    )
    return _save(unit, facts, caller)


def update(
    unit: Unit, organization: Organization, name: str, change: ChangeMember, caller: Caller
) -> Subject:
    """Change a member; sessions that no longer stand end.

    :raises NotFound: no such member.
    :raises InvalidInput: an e-mail address or external id that another one has.
    """
    known = find(unit, organization, name)
    _require_free(unit, organization, change, known)
    kept = changed(kept_of_subject(known), change)
    facts = SubjectFacts(
        id=known.id,
        email=change.email_address or known.email,
        name=known.name if change.name is None else change.name or None,
        organization_id=known.organization_id,
        roles=known.roles if change.roles is None else own_roles(change.roles, objects.MEMBER_ROLE),
        protected=known.protected,
        further=Further(
            external_id=change.external_id or known.external_id,
            extra=with_kept(known.extra, kept),
        ),
    )
    return _save(unit, facts, caller)


def delete(unit: Unit, organization: Organization, name: str, caller: Caller) -> str:
    """Delete a member and forget name and address; answers the id.

    :raises NotFound: no such member.
    """
    known = find(unit, organization, name)
    maintain.delete_subject(unit, caller.application, known.id, by=caller.by, origin=caller.origin)
    return known.id


def delete_external_id(
    unit: Unit, organization: Organization, name: str, caller: Caller
) -> Subject:
    """Take a member's further name away.

    :raises NotFound: no such member.
    """
    return without_external_id(unit, find(unit, organization, name), caller)


def without_external_id(unit: Unit, known: Subject, caller: Caller) -> Subject:
    """``known`` as it is, its further name apart."""
    facts = SubjectFacts(
        id=known.id,
        email=known.email,
        name=known.name,
        organization_id=known.organization_id,
        roles=known.roles,
        protected=known.protected,
        further=Further(extra=known.extra),
    )
    return _save(unit, facts, caller)


def reactivate(unit: Unit, organization: Organization, name: str, caller: Caller) -> Subject:
    """Enable a disabled member. A deleted one was forgotten, and so cannot come back.

    :raises NotFound: no such member in this organization.
    :raises InvalidInput: nothing to reactivate.
    """
    known = by_id(unit, organization.application_id, name, include_deleted=True)
    if known is None or known.organization_id != organization.id:
        raise _not_found()
    if known.status is not Status.DISABLED:
        raise refused(
            ErrorType.NO_DELETED_MEMBER, "There is no disabled member here to reactivate."
        )
    facts = SubjectFacts(
        id=known.id,
        email=known.email,
        name=known.name,
        organization_id=known.organization_id,
        roles=known.roles,
        protected=known.protected,
        disabled=False,
    )
    return _save(unit, facts, caller)


def own_roles(roles: Iterable[str], everybodys: str) -> tuple[str, ...]:
    """The roles to store: each once, without the one that everybody has."""
    return tuple(dict.fromkeys(role for role in roles if role != everybodys))


def _save(unit: Unit, facts: SubjectFacts, caller: Caller) -> Subject:
    return maintain.save_subject(
        unit, caller.application, facts, by=caller.by, origin=caller.origin
    )


def _require_free(
    unit: Unit, organization: Organization, change: ChangeMember, known: Subject | None
) -> None:
    own = known.id if known else None
    if change.email_address is not None:
        other = _with_email(unit, organization, change.email_address)
        if other is not None and other.id != own:
            raise refused(
                ErrorType.DUPLICATE_MEMBER_EMAIL,
                "A member of this organization has this e-mail address.",
            )
    if change.external_id is not None:
        other = by_id(unit, organization.application_id, change.external_id)
        if other is not None and other.id != own:
            raise refused(
                ErrorType.DUPLICATE_MEMBER_EXTERNAL_ID, "Another member has this external id."
            )


def _with_email(reader: Reader, organization: Organization, email: str) -> Subject | None:
    where = SubjectFilter(
        application_id=organization.application_id,
        organization_id=organization.id,
        emails=frozenset({fold_email(email)}),
    )
    return next(iter(reader.subjects.search(where, _ONE)), None)


def _not_found() -> Exception:
    return refused(ErrorType.MEMBER_NOT_FOUND, "There is no such member.")
