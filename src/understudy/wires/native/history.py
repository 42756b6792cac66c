"""The history of a subject, for an app to show to its user and for operators to read."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import Session
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import ActorKind
from understudy.core.ports import ActionCounts, Page, Reader, SessionFilter
from understudy.errors import NotFound
from understudy.flows.impersonation.about import organization_party
from understudy.flows.retention.erase import is_forgotten
from understudy.http.access import operator_or_application
from understudy.http.bounds import as_of, required_application
from understudy.http.call import Call
from understudy.http.cursor import cut, page_of, time_key
from understudy.http.endpoint import API, Endpoint, answers
from understudy.http.principal import ApplicationPrincipal
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.history import HistoryActor, HistoryCounts, HistoryItem
from understudy.wires.native.schemas.impersonations import OrganizationAnswer
from understudy.wires.native.schemas.queries import HistoryQuery


async def list_history(call: Call[None, HistoryQuery]) -> Listed[HistoryItem]:
    """Sessions in a subject's account, newest first.

    :raises NotFound: when the application never had such a subject.
    """
    query = call.query
    page = page_of(query.cursor, query.limit)
    own = isinstance(call.principal, ApplicationPrincipal)

    def look_up(reader: Reader) -> Listed[HistoryItem]:
        application = required_application(call.principal, query.application_id, reader)
        user = SubjectId(call.path["subject_id"])
        return history_of(reader, application, user, page=page, limit=query.limit, own=own)

    return await call.read_long(look_up)


def history_of(
    reader: Reader,
    application: Application,
    subject_id: SubjectId,
    *,
    page: Page,
    limit: int,
    own: bool,
) -> Listed[HistoryItem]:
    """Sessions in a subject's account; ``own`` as the application may see them.

    :raises NotFound: when the application never had such a subject.
    """
    subject = reader.subjects.get(application.id, subject_id)
    if subject is None:
        raise NotFound("The application never had a user with this id.")
    alias = as_of(reader, application).settings.consent.shown_as
    where = SessionFilter(application_id=application.id, subject_ref=subject.ref)
    rows = reader.sessions.search(where, page)
    shown, cursor = cut(rows, limit, lambda row: time_key(row.started_at, row.id))
    items = [
        _item(reader, session, grant, shown_as=alias if own else None, for_application=own)
        for session in shown
        if (grant := reader.grants.get(session.grant_id)) is not None
    ]
    return Listed(items=items, next_cursor=cursor)


def _item(
    reader: Reader,
    session: Session,
    grant: Grant,
    *,
    shown_as: str | None,
    for_application: bool,
) -> HistoryItem:
    forgotten = is_forgotten(grant)
    counts = None if forgotten else _counts(reader.entries.actions_of(session.id))
    return HistoryItem(
        session_id=session.id,
        actor=_actor(grant, shown_as=shown_as, for_application=for_application),
        organization=_organization(reader, grant),
        reason=None if forgotten else grant.reason,
        ticket=grant.ticket,
        scope=grant.scope,
        started_at=session.started_at,
        ends_at=session.ends_at,
        ended_at=session.ended_at,
        end_cause=session.end_cause,
        actions=counts,
        forgotten=forgotten,
    )


def _actor(grant: Grant, *, shown_as: str | None, for_application: bool) -> HistoryActor:
    actor = grant.actor
    if shown_as is not None:
        return HistoryActor(kind=actor.kind, id=None, email=None, name=shown_as)
    # A user is owed the name of who was in their account, and staff their addresses' privacy.
    hidden = for_application and actor.kind is ActorKind.OPERATOR
    return HistoryActor(
        kind=actor.kind,
        id=None if hidden else actor.id,
        email=None if hidden else actor.email,
        name=actor.name,
    )


def _counts(found: ActionCounts) -> HistoryCounts:
    return HistoryCounts(reads=found.reads, changes=found.changes, refused=found.refused)


def _organization(reader: Reader, grant: Grant) -> OrganizationAnswer | None:
    party = organization_party(reader, grant)
    if party is None or grant.organization_id is None:
        return None
    return OrganizationAnswer(id=grant.organization_id, name=party.name)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/subjects/{{subject_id}}/history",
        operation="list_history",
        summary="Who worked in a user's account, when, why and how it ended, newest first",
        description=(
            "For the app to show to its user, and for operators. Applications get an operator's "
            "name, never their e-mail address or id. What was done comes as counts."
        ),
        tag="directory",
        access=operator_or_application(Permission.SESSIONS_READ),
        handler=list_history,
        query=HistoryQuery,
        answers=answers(Listed[HistoryItem]),
        problems=(NotFound,),
    ),
)
