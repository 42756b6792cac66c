"""Users as the SDKs create, find and change them: subjects of an application without tenants."""

from __future__ import annotations

import msgspec

from understudy.core.ids import SubjectId
from understudy.core.people.principals import Subject
from understudy.core.ports import Page, Reader, SubjectFilter, Unit
from understudy.core.text import fold_email
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import Further, SubjectFacts
from understudy.wires.stytch import objects
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.kept import KeptSubject, changed, kept_of_subject, with_kept
from understudy.wires.stytch.members import by_id, own_roles, without_external_id
from understudy.wires.stytch.organizations import Caller, new_id
from understudy.wires.stytch.requests import ChangeUser, CreateUser, PersonName

_ONE = Page(limit=1)


def find(reader: Reader, application_id: str, name: str) -> Subject:
    """The user of this id or external id.

    :raises NotFound: none that was not deleted.
    """
    found = by_id(reader, application_id, name)
    if found is None:
        raise refused(ErrorType.USER_NOT_FOUND, "There is no such user.")
    return found


def create(unit: Unit, asked: CreateUser, caller: Caller) -> Subject:
    """A new user with an id of our making.

    :raises InvalidInput: neither e-mail address nor phone number, or one that another user has.
    """
    if not asked.email and not asked.phone_number:
        raise refused(ErrorType.INVALID_CREATE_USER, "Give an email or a phone_number.")
    if asked.email is not None:
        _require_free_email(unit, asked.email, caller)
    _require_free_external_id(unit, asked.external_id, None, caller)
    kept = KeptSubject(
        pending=bool(asked.create_user_as_pending), phone_number=asked.phone_number or ""
    )
    kept = _named(changed(kept, asked), asked.name)
    facts = SubjectFacts(
        id=SubjectId(new_id("user", unit)),
        email=asked.email,
        name=_full_name(kept) or None,
        roles=own_roles(asked.roles or (), objects.USER_ROLE),
        further=Further(external_id=asked.external_id, extra=with_kept({}, kept)),
    )
    return _save(unit, facts, caller)


def update(unit: Unit, name: str, change: ChangeUser, caller: Caller) -> Subject:
    """Change a user; sessions that no longer stand end.

    :raises NotFound: no such user.
    :raises InvalidInput: an external id that another one has.
    """
    known = find(unit, caller.application.id, name)
    _require_free_external_id(unit, change.external_id, known, caller)
    kept = changed(kept_of_subject(known), change)
    full_name = known.name
    if change.name is not None:
        before = PersonName(**objects.user(known)["name"])
        kept = _named(_named(kept, before), change.name)
        full_name = _full_name(kept) or None
    facts = SubjectFacts(
        id=known.id,
        email=known.email,
        name=full_name,
        organization_id=known.organization_id,
        roles=known.roles if change.roles is None else own_roles(change.roles, objects.USER_ROLE),
        protected=known.protected,
        further=Further(
            external_id=change.external_id or known.external_id,
            extra=with_kept(known.extra, kept),
        ),
    )
    return _save(unit, facts, caller)


def delete_external_id(unit: Unit, name: str, caller: Caller) -> Subject:
    """Take a user's further name away.

    :raises NotFound: no such user.
    """
    return without_external_id(unit, find(unit, caller.application.id, name), caller)


def delete(unit: Unit, name: str, caller: Caller) -> str:
    """Delete a user and forget name and address; answers the id.

    :raises NotFound: no such user.
    """
    known = find(unit, caller.application.id, name)
    maintain.delete_subject(unit, caller.application, known.id, by=caller.by, origin=caller.origin)
    return known.id


def _named(kept: KeptSubject, name: PersonName | None) -> KeptSubject:
    if name is None:
        return kept
    given = {
        part: value for part, value in msgspec.structs.asdict(name).items() if value is not None
    }
    return msgspec.structs.replace(kept, **given)


def _full_name(kept: KeptSubject) -> str:
    return objects.full_name(kept.first_name, kept.middle_name, kept.last_name)


def _save(unit: Unit, facts: SubjectFacts, caller: Caller) -> Subject:
    return maintain.save_subject(
        unit, caller.application, facts, by=caller.by, origin=caller.origin
    )


def _require_free_email(unit: Unit, email: str, caller: Caller) -> None:
    where = SubjectFilter(
        application_id=caller.application.id, emails=frozenset({fold_email(email)})
    )
    if unit.subjects.search(where, _ONE):
        raise refused(ErrorType.DUPLICATE_EMAIL, "Another user has this e-mail address.")


def _require_free_external_id(
    unit: Unit, external_id: str | None, known: Subject | None, caller: Caller
) -> None:
    other = by_id(unit, caller.application.id, external_id) if external_id else None
    if other is not None and (known is None or other.id != known.id):
        raise refused(ErrorType.DUPLICATE_USER_EXTERNAL_ID, "Another user has this external id.")
