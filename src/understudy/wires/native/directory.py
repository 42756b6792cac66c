"""Subjects and organizations, by application; files of them are in `imports`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec import UnsetType

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Organization, Status, Subject
from understudy.core.ports import Reader, SessionFilter, SubjectFilter, Unit
from understudy.core.rules.ranking import rank_of
from understudy.errors import ManagedByApp, NotFound
from understudy.flows.directory import maintain
from understudy.flows.directory.absent import ABSENT, Unsaid
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.directory.tell_read import tell_opened, tell_read
from understudy.http.absent import given
from understudy.http.access import operator_or_application
from understudy.http.app_users import bring_up_to_date, require_kept_here, search_app
from understudy.http.bounds import required_application
from understudy.http.call import Call
from understudy.http.cursor import Key, cut, page_of
from understudy.http.endpoint import (
    API,
    NOTHING,
    Body,
    Endpoint,
    RateClass,
    answers,
)
from understudy.http.principal import OperatorPrincipal
from understudy.http.shapes import Listed
from understudy.storage.tables.folding import fold
from understudy.wires.native.schemas.directory import (
    OrganizationBrief,
    OrganizationDetail,
    SaveOrganization,
    SaveSubject,
    SubjectAnswer,
)
from understudy.wires.native.schemas.queries import (
    InApplication,
    OrganizationsQuery,
    SubjectsQuery,
)

T = TypeVar("T")

_TAG = "directory"
_READ = operator_or_application(Permission.DIRECTORY_READ)
_WRITE = operator_or_application(Permission.DIRECTORY_WRITE)
_SUBJECT = f"{API}/subjects/{{subject_id}}"
_ORGANIZATION = f"{API}/organizations/{{organization_id}}"


async def list_subjects(call: Call[None, SubjectsQuery]) -> Listed[SubjectAnswer]:
    """Users by name."""
    query = call.query
    page = page_of(query.cursor, query.limit)
    in_app = await search_app(call, partial(_application, call), query.query, query.limit)

    def look_up(reader: Reader) -> Listed[SubjectAnswer]:
        application = _application(call, reader)
        if in_app is not None:
            return _these(call, reader, application, in_app)
        where = SubjectFilter(
            application_id=application.id,
            query=query.query,
            organization_id=given(query.organization_id),
        )
        rows = reader.subjects.search(where, page)
        shown, cursor = cut(rows, query.limit, _by_name)
        return Listed(
            items=[_subject(reader, application, row) for row in shown], next_cursor=cursor
        )

    found = await call.read_long(look_up)
    await _tell_many(call, len(found.items))
    return found


def _these(
    call: Call[None, SubjectsQuery],
    reader: Reader,
    application: Application,
    ids: Sequence[SubjectId],
) -> Listed[SubjectAnswer]:
    """Whom the app has found, in its order."""
    wanted = given(call.query.organization_id)
    rows = (reader.subjects.get(application.id, subject_id) for subject_id in ids)
    shown = [
        _subject(reader, application, row)
        for row in rows
        if row is not None and wanted in (None, row.organization_id)
    ]
    return Listed(items=shown, next_cursor=None)


async def get_subject(call: Call[None, InApplication]) -> SubjectAnswer:
    """One user."""
    await bring_up_to_date(call, partial(_application, call), call.path["subject_id"])

    def look_up(reader: Reader) -> tuple[SubjectAnswer, int | None]:
        application = _application(call, reader)
        subject = reader.subjects.get(application.id, SubjectId(call.path["subject_id"]))
        if subject is None or subject.status is Status.DELETED:
            raise NotFound
        limit = application.settings.insiders.look_ups_an_hour
        return _subject(reader, application, subject), limit

    found, limit = await call.read(look_up)
    await _tell_many(call, 1)
    if limit is not None:
        await _tell_opened(call, found, limit)
    return found


async def _tell_opened(call: Call[Any, Any], user: SubjectAnswer, limit: int) -> None:
    """Write down, before this one is shown, that an operator looks through accounts."""
    if not isinstance(call.principal, OperatorPrincipal):
        return
    look_ups, operator_id = call.node.look_ups, call.principal.operator.id
    application_id = user.application_id
    opened = look_ups.opened(operator_id, (application_id, user.id), limit)
    if opened:
        await call.run(
            lambda unit: tell_opened(
                unit, application_id, opened, by=call.party, origin=call.origin
            )
        )
        look_ups.told(operator_id)


async def _tell_many(call: Call[Any, Any], number: int) -> None:
    """Write down, before they are shown, that these are more users than an operator's work takes.

    An application reads what is its own.
    """
    if not isinstance(call.principal, OperatorPrincipal):
        return
    readings, operator_id = call.node.readings, call.principal.operator.id
    shown = readings.shown(operator_id, number)
    if shown:
        application_id = (await call.read(lambda reader: _application(call, reader))).id
        await call.run(
            lambda unit: tell_read(unit, application_id, shown, by=call.party, origin=call.origin)
        )
        readings.told(operator_id)


async def save_subject(call: Call[SaveSubject, InApplication]) -> SubjectAnswer:
    """Create a user, or change what is said of them."""
    await _require_kept_here(call)
    body = call.body
    facts = SubjectFacts(
        id=SubjectId(call.path["subject_id"]),
        email=_said(body.email),
        name=_said(body.name),
        organization_id=_said(body.organization_id),
        roles=ABSENT if isinstance(body.roles, UnsetType) else tuple(body.roles or ()),
        protected=ABSENT if isinstance(body.protected, UnsetType) else bool(body.protected),
        tags=ABSENT if isinstance(body.tags, UnsetType) else tuple(body.tags or ()),
        disabled=given(body.disabled),
    )

    def flow(unit: Unit) -> SubjectAnswer:
        application = _application(call, unit)
        saved = maintain.save_subject(unit, application, facts, by=call.party, origin=call.origin)
        return _subject(unit, application, saved)

    return await call.run_ending(flow)


def _said(value: T | UnsetType) -> T | Unsaid:
    return ABSENT if isinstance(value, UnsetType) else value


async def delete_subject(call: Call[None, InApplication]) -> None:
    """Delete a user."""
    await _require_kept_here(call)
    await call.run_ending(
        lambda unit: maintain.delete_subject(
            unit,
            _application(call, unit),
            SubjectId(call.path["subject_id"]),
            by=call.party,
            origin=call.origin,
        )
    )


async def list_organizations(
    call: Call[None, OrganizationsQuery],
) -> Listed[OrganizationDetail]:
    """Organizations by name."""
    query = call.query
    page = page_of(query.cursor, query.limit)

    def look_up(reader: Reader) -> Listed[OrganizationDetail]:
        application = _application(call, reader)
        rows = reader.organizations.search(application.id, query=query.query, page=page)
        shown, cursor = cut(rows, query.limit, _by_name)
        return Listed(items=[_organization(row) for row in shown], next_cursor=cursor)

    return await call.read_long(look_up)


async def get_organization(call: Call[None, InApplication]) -> OrganizationDetail:
    """One organization."""

    def look_up(reader: Reader) -> OrganizationDetail:
        application = _application(call, reader)
        found = reader.organizations.get(
            application.id, OrganizationId(call.path["organization_id"])
        )
        if found is None or found.status is Status.DELETED:
            raise NotFound
        return _organization(found)

    return await call.read(look_up)


async def save_organization(call: Call[SaveOrganization, InApplication]) -> OrganizationDetail:
    """Create or replace an organization."""
    await _require_kept_here(call)
    return await call.run_ending(
        lambda unit: _organization(
            maintain.save_organization(
                unit,
                _application(call, unit),
                OrganizationId(call.path["organization_id"]),
                name=call.body.name,
                disabled=given(call.body.disabled),
                by=call.party,
                origin=call.origin,
            )
        )
    )


async def delete_organization(call: Call[None, InApplication]) -> None:
    """Delete an organization."""
    await _require_kept_here(call)
    await call.run_ending(
        lambda unit: maintain.delete_organization(
            unit,
            _application(call, unit),
            OrganizationId(call.path["organization_id"]),
            by=call.party,
            origin=call.origin,
        )
    )


async def _require_kept_here(call: Call[Any, Any]) -> None:
    await require_kept_here(call, lambda reader: _application(call, reader))


def _application(call: Call[Any, Any], reader: Reader) -> Application:
    return required_application(call.principal, call.query.application_id, reader)


def _by_name(row: Subject | Organization) -> Key:
    return (fold(row.name or ""), row.id)


def _subject(reader: Reader, application: Application, subject: Subject) -> SubjectAnswer:
    organization = None
    if subject.organization_id is not None:
        found = reader.organizations.get(application.id, subject.organization_id)
        organization = OrganizationBrief(
            id=subject.organization_id, name=found.name if found else subject.organization_id
        )
    live = reader.sessions.live(SessionFilter(subject_ref=subject.ref))
    return SubjectAnswer(
        application_id=application.id,
        id=subject.id,
        email=subject.email,
        name=subject.name,
        organization=organization,
        roles=list(subject.roles),
        rank=rank_of(subject.roles, application.settings.role_ranks),
        protected=subject.protected,
        tags=list(subject.tags),
        status=subject.status,
        created_at=subject.created_at,
        updated_at=subject.updated_at,
        live_session_id=live[0].id if live else None,
    )


def _organization(organization: Organization) -> OrganizationDetail:
    return OrganizationDetail(
        application_id=organization.application_id,
        id=organization.id,
        name=organization.name,
        status=organization.status,
        created_at=organization.created_at,
        updated_at=organization.updated_at,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/subjects",
        operation="list_subjects",
        summary="Search an application's users",
        tag=_TAG,
        access=_READ,
        handler=list_subjects,
        query=SubjectsQuery,
        answers=answers(Listed[SubjectAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=_SUBJECT,
        operation="get_subject",
        summary="One user",
        tag=_TAG,
        access=_READ,
        handler=get_subject,
        query=InApplication,
        answers=answers(SubjectAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_SUBJECT,
        operation="save_subject",
        ends=True,
        summary="Create a user, or change what is said of them",
        description=(
            "What is absent stays as it is; null takes it away. Sessions that the change no longer "
            "allows end in the same moment."
        ),
        tag=_TAG,
        access=_WRITE,
        handler=save_subject,
        query=InApplication,
        body=Body(type=SaveSubject),
        answers=answers(SubjectAnswer),
        problems=(NotFound, ManagedByApp),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="DELETE",
        path=_SUBJECT,
        operation="delete_subject",
        ends=True,
        summary="Delete a user; sessions as this user end",
        tag=_TAG,
        access=_WRITE,
        handler=delete_subject,
        query=InApplication,
        answers=(NOTHING,),
        problems=(NotFound, ManagedByApp),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="GET",
        path=f"{API}/organizations",
        operation="list_organizations",
        summary="Search an application's organizations",
        tag=_TAG,
        access=_READ,
        handler=list_organizations,
        query=OrganizationsQuery,
        answers=answers(Listed[OrganizationDetail]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=_ORGANIZATION,
        operation="get_organization",
        summary="One organization",
        tag=_TAG,
        access=_READ,
        handler=get_organization,
        query=InApplication,
        answers=answers(OrganizationDetail),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_ORGANIZATION,
        operation="save_organization",
        ends=True,
        summary="Create or replace an organization",
        tag=_TAG,
        access=_WRITE,
        handler=save_organization,
        query=InApplication,
        body=Body(type=SaveOrganization),
        answers=answers(OrganizationDetail),
        problems=(NotFound, ManagedByApp),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="DELETE",
        path=_ORGANIZATION,
        operation="delete_organization",
        ends=True,
        summary="Delete an organization; sessions in it end",
        tag=_TAG,
        access=_WRITE,
        handler=delete_organization,
        query=InApplication,
        answers=(NOTHING,),
        problems=(NotFound, ManagedByApp),
        rate=RateClass.NONE,
    ),
)
