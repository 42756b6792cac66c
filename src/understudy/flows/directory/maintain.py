"""Subjects and organizations: save them, delete them; sessions follow at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId, OrganizationRef, SubjectId, SubjectRef
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.core.people.labels import read_tags
from understudy.core.people.principals import Organization, Status, Subject
from understudy.core.ports import Page, Reader, SessionFilter, SubjectFilter, Unit
from understudy.core.rules.ranking import rank_of
from understudy.core.text import fold_email
from understudy.errors import AlreadyExists, InvalidInput, NotFound
from understudy.flows.directory.absent import ABSENT, Unsaid, said_or
from understudy.flows.directory.texts import require_organization_text, require_subject_text
from understudy.flows.impersonation.narrow_sessions import hold_sessions
from understudy.flows.impersonation.taken_back import take_back_of_moved
from understudy.flows.origin import Origin

MAX_EXTRA_BYTES = 16 * 1024
"""How much a wire may keep with one subject or organization, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Further:
    """What wires keep beside the facts. It replaces all that was kept, so begin with what is there.

    ``slug`` is for organizations alone.
    """

    external_id: str | None = None
    slug: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SubjectFacts:
    """A subject as the application knows it. What is not said of it stays; of ``disabled`` and
    ``further`` None says nothing either.
    """

    id: SubjectId
    email: str | Unsaid | None = ABSENT
    name: str | Unsaid | None = ABSENT
    organization_id: OrganizationId | Unsaid | None = ABSENT
    roles: tuple[str, ...] | Unsaid = ABSENT
    protected: bool | Unsaid = ABSENT
    tags: tuple[str, ...] | Unsaid = ABSENT
    disabled: bool | None = None
    further: Further | None = None


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A subject as it is stored now, and as it was before; None where it is new."""

    subject: Subject
    before: Subject | None

    @property
    def changed(self) -> bool:
        """Whether anything of it differs."""
        return self.subject != self.before

    @property
    def moved(self) -> bool:
        """Whether it is of another organization by now."""
        before, now = self.before, self.subject
        return before is not None and before.organization_id != now.organization_id

    @property
    def lost_protection(self) -> bool:
        """Whether somebody took its protection away."""
        return self.before is not None and self.before.protected > self.subject.protected

    @property
    def changed_power(self) -> bool:
        """Whether rules may judge it otherwise from now on."""
        before, now = self.before, self.subject
        return before is not None and (
            (before.protected, before.roles, before.tags) != (now.protected, now.roles, now.tags)
        )


def save_subject(
    unit: Unit, application: Application, facts: SubjectFacts, *, by: Party, origin: Origin
) -> Subject:
    """Create a subject or change what is said of it, and end what no longer stands.

    :raises InvalidInput: the organization is not known, or a wire wants too much to be kept.
    :raises AlreadyExists: another subject has this external id.
    """
    if facts.organization_id is not ABSENT and facts.organization_id is not None:
        _require_organization(unit, application, facts.organization_id)
    if facts.further is not None:
        _require_small(facts.further)
        _require_free_subject(unit, application, facts)
    saved = put_subject(unit, application, facts)
    if saved.changed:
        tell_saved(unit, saved, by=by, origin=origin)
        if saved.moved:
            take_back_of_moved(unit, saved.subject, by=by, origin=origin)
        _hold_sessions_of(unit, saved.subject, by=by, origin=origin)
    return saved.subject


def tell_saved(unit: Unit, saved: Saved, *, by: Party, origin: Origin) -> None:
    """Write down what a subject has become, and by itself that its protection was taken away.

    What rules judge by is told as it is and as it was: protection, roles, the rank of these, tags.
    """
    subject, before = saved.subject, saved.before
    details: dict[str, Scalar] = {"status": subject.status, "protected": subject.protected}
    if saved.changed_power or (before is None and (subject.roles or subject.tags)):
        details |= _power(unit, subject)
    if before is not None and saved.changed_power:
        details |= {f"{name}_before": fact for name, fact in _power(unit, before).items()}
        if before.tags != subject.tags:
            details |= {"tags": _told(subject.tags), "tags_before": _told(before.tags)}
    types = [EventType.SUBJECT_SAVED]
    if saved.lost_protection:
        types.append(EventType.SUBJECT_UNPROTECTED)
    for event_type in types:
        unit.record(
            Event(
                type=event_type,
                application_id=subject.application_id,
                actor=by,
                subject=subject.party,
                address=origin.address,
                user_agent=origin.user_agent,
                details=details,
            )
        )


def _power(unit: Unit, subject: Subject) -> dict[str, Scalar]:
    application = unit.applications.get(subject.application_id)
    ranks = application.settings.role_ranks if application else {}
    power: dict[str, Scalar] = {
        "protected": subject.protected,
        "roles": _told(subject.roles),
        "rank": rank_of(subject.roles, ranks),
    }
    return power | ({"tags": _told(subject.tags)} if subject.tags else {})


def _told(names: Sequence[str]) -> str:
    # One that holds a space would read like two.
    plain = not any(char.isspace() for name in names for char in name)
    return " ".join(names) if plain else json.dumps(list(names))


def put_subject(unit: Unit, application: Application, facts: SubjectFacts) -> Saved:
    """Write the row only, in an organization that is there, if it is new or differs.

    A deleted subject never comes back: the same id is somebody new.

    :raises InvalidInput: something new about it is no text.
    """
    known = unit.subjects.get(application.id, facts.id)
    if known is not None and known.status is not Status.DELETED:
        wanted = _subject(application, facts, known=known)
        if wanted == known:
            return Saved(subject=known, before=known)
        wanted = replace(wanted, updated_at=unit.now)
    else:
        known, wanted = None, _new_subject(unit, application, facts)
    require_subject_text(wanted, known)
    unit.subjects.save(wanted)
    return Saved(subject=wanted, before=known)


def is_news(reader: Reader, application: Application, facts: SubjectFacts) -> bool:
    """Whether saving ``facts`` would change anything."""
    known = reader.subjects.get(application.id, facts.id)
    if known is None or known.status is Status.DELETED:
        return True
    return _subject(application, facts, known=known) != known


def delete_subject(
    unit: Unit, application: Application, subject_id: SubjectId, *, by: Party, origin: Origin
) -> None:
    """Forget a subject's name and address, keep the tombstone, end its sessions. Idempotent.

    :raises NotFound: the application never had such a subject.
    """
    subject = unit.subjects.get(application.id, subject_id)
    if subject is None:
        raise NotFound
    if subject.status is Status.DELETED:
        return
    deleted = replace(
        subject,
        email=None,
        name=None,
        roles=(),
        tags=(),
        status=Status.DELETED,
        updated_at=unit.now,
        external_id=None,
        extra={},
        honey_since=None,
    )
    unit.subjects.save(deleted)
    unit.record(
        Event(
            type=EventType.SUBJECT_DELETED,
            application_id=application.id,
            actor=by,
            subject=subject.party,
            address=origin.address,
            user_agent=origin.user_agent,
        )
    )
    _hold_sessions_of(unit, deleted, by=by, origin=origin)


def save_organization(
    unit: Unit,
    application: Application,
    organization_id: OrganizationId,
    *,
    name: str,
    disabled: bool | None,
    further: Further | None = None,
    by: Party,
    origin: Origin,
) -> Organization:
    """Create or replace an organization; disabling it ends the sessions in it.

    :raises InvalidInput: a wire wants too much to be kept.
    :raises AlreadyExists: another organization has this slug or external id.
    """
    if further is not None:
        _require_small(further)
        _require_free_organization(unit, application, organization_id, further)
    organization, changed = put_organization(
        unit, application, organization_id, name=name, disabled=disabled, further=further
    )
    if changed:
        _record_organization(unit, EventType.ORGANIZATION_SAVED, organization, by, origin)
        where = SessionFilter(organization_ref=organization.ref)
        hold_sessions(unit, where, by=by, origin=origin)
    return organization


def put_organization(
    unit: Unit,
    application: Application,
    organization_id: OrganizationId,
    *,
    name: str,
    disabled: bool | None = None,
    further: Further | None = None,
) -> tuple[Organization, bool]:
    """Write the row only; True when it is new or differs.

    :raises InvalidInput: something new about it is no text.
    """
    known = unit.organizations.get(application.id, organization_id)
    if known is None or known.status is Status.DELETED:
        known = None
    if known is not None:
        wanted = _organization(known, name, disabled, further)
        if wanted == known:
            return known, False
        wanted = replace(wanted, updated_at=unit.now)
    else:
        fresh = Organization(
            application_id=application.id,
            id=organization_id,
            ref=OrganizationRef(unit.new_id(IdPrefix.ORGANIZATION)),
            name=name,
            status=Status.ACTIVE,
            created_at=unit.now,
            updated_at=unit.now,
        )
        wanted = _organization(fresh, name, disabled, further)
    require_organization_text(wanted, known)
    unit.organizations.save(wanted)
    return wanted, True


def delete_organization(
    unit: Unit,
    application: Application,
    organization_id: OrganizationId,
    *,
    by: Party,
    origin: Origin,
) -> None:
    """Delete an organization; the sessions in it end. Idempotent.

    :raises NotFound: the application never had such an organization.
    """
    organization = unit.organizations.get(application.id, organization_id)
    if organization is None:
        raise NotFound
    if organization.status is Status.DELETED:
        return
    deleted = replace(
        organization,
        status=Status.DELETED,
        updated_at=unit.now,
        slug=None,
        external_id=None,
        extra={},
    )
    unit.organizations.save(deleted)
    _record_organization(unit, EventType.ORGANIZATION_DELETED, organization, by, origin)
    hold_sessions(unit, SessionFilter(organization_ref=organization.ref), by=by, origin=origin)


def _require_organization(
    unit: Unit, application: Application, organization_id: OrganizationId
) -> None:
    organization = unit.organizations.get(application.id, organization_id)
    if organization is None or organization.status is Status.DELETED:
        raise InvalidInput(f"There is no organization with the id {organization_id}.")


def _require_small(further: Further) -> None:
    if len(json.dumps(further.extra).encode()) > MAX_EXTRA_BYTES:
        raise InvalidInput(f"More than {MAX_EXTRA_BYTES // 1024} KiB of further data.")


def _require_free_subject(unit: Unit, application: Application, facts: SubjectFacts) -> None:
    external_id = facts.further.external_id if facts.further else None
    if external_id is None:
        return
    where = SubjectFilter(application_id=application.id, external_ids=frozenset({external_id}))
    if any(found.id != facts.id for found in unit.subjects.search(where, Page(limit=2))):
        raise AlreadyExists("Another user has this external id.")


def _require_free_organization(
    unit: Unit, application: Application, organization_id: OrganizationId, further: Further
) -> None:
    slug, external_id = further.slug, further.external_id
    named = (
        unit.organizations.by_slug(application.id, slug) if slug else None,
        unit.organizations.by_external_id(application.id, external_id) if external_id else None,
    )
    if any(found is not None and found.id != organization_id for found in named):
        raise AlreadyExists("Another organization has this slug or external id.")


def _organization(
    known: Organization, name: str, disabled: bool | None, further: Further | None
) -> Organization:
    wanted = replace(known, name=name, status=_status(disabled, known.status))
    if further is None:
        return wanted
    return replace(wanted, slug=further.slug, external_id=further.external_id, extra=further.extra)


def _new_subject(unit: Unit, application: Application, facts: SubjectFacts) -> Subject:
    nobody = Subject(
        application_id=application.id,
        id=facts.id,
        ref=SubjectRef(unit.new_id(IdPrefix.SUBJECT)),
        email=None,
        name=None,
        organization_id=None,
        roles=(),
        protected=False,
        status=Status.ACTIVE,
        created_at=unit.now,
        updated_at=unit.now,
    )
    return _subject(application, facts, known=nobody)


def _subject(application: Application, facts: SubjectFacts, *, known: Subject) -> Subject:
    email = said_or(facts.email, known.email)
    return replace(
        known,
        application_id=application.id,
        email=fold_email(email) if email else None,
        name=said_or(facts.name, known.name),
        organization_id=said_or(facts.organization_id, known.organization_id),
        roles=said_or(facts.roles, known.roles),
        protected=said_or(facts.protected, known.protected),
        tags=known.tags if facts.tags is ABSENT else read_tags(facts.tags),
        status=_status(facts.disabled, known.status),
        external_id=facts.further.external_id if facts.further else known.external_id,
        extra=facts.further.extra if facts.further else known.extra,
    )


def _status(disabled: bool | None, known: Status) -> Status:
    if disabled is None:
        return known
    return Status.DISABLED if disabled else Status.ACTIVE


def _hold_sessions_of(unit: Unit, subject: Subject, *, by: Party, origin: Origin) -> None:
    hold_sessions(unit, SessionFilter(subject_ref=subject.ref), by=by, origin=origin)


def _record_organization(
    unit: Unit, event_type: EventType, organization: Organization, by: Party, origin: Origin
) -> None:
    unit.record(
        Event(
            type=event_type,
            application_id=organization.application_id,
            actor=by,
            organization=organization.party,
            address=origin.address,
            user_agent=origin.user_agent,
            details={"status": organization.status},
        )
    )
