"""Impersonation sessions as these clients list, see, revoke and use them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from understudy.core.applications.application import Application
from understudy.core.ids import SessionId, SubjectId, SubjectRef
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Party
from understudy.core.ports import Page, Reader, SessionFilter, Unit
from understudy.core.times import to_ms
from understudy.flows.impersonation.carry_on import carry_on, touched
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.open_session import OpenSession, Over
from understudy.flows.origin import Origin
from understudy.wires.clerk.actors import act_of
from understudy.wires.clerk.errors import NO_SUCH_RESOURCE, ClerkProblem, Code, unfit
from understudy.wires.clerk.queries import ListQuery
from understudy.wires.clerk.session_ids import shown

LOOKED_AT_MOST = 5_000
"""How many of the newest sessions a list looks at, since these clients page by number."""

_PAGE = 500
_CLIENT_PREFIX = "client_"
_STATUSES = frozenset(
    ["abandoned", "active", "ended", "expired", "pending", "removed", "replaced", "revoked"],
)
_STATUS_OF = {
    EndCause.ENDED_BY_ACTOR: "ended",
    EndCause.RELAUNCHED: "replaced",
    EndCause.REPLACED: "replaced",
    EndCause.TIME_LIMIT: "expired",
    EndCause.IDLE: "expired",
}
_LIST = frozenset({"user_id", "client_id", "status", "paginated", "limit", "offset"})


@dataclass(frozen=True, kw_only=True)
class SessionQuery:
    """Which sessions are wanted; None means any."""

    user_id: str | None
    client_id: str | None
    status: str | None
    paginated: bool
    limit: int
    offset: int


def read_query(pairs: Sequence[tuple[str, str]]) -> SessionQuery:
    """What a list asks for.

    :raises InvalidInput: a parameter is unknown or unfit.
    """
    query = ListQuery(pairs, known=_LIST)
    status = query.text("status")
    if status is not None and status not in _STATUSES:
        raise unfit("status", f"status is one of {', '.join(sorted(_STATUSES))}.")
    return SessionQuery(
        user_id=query.text("user_id"),
        client_id=query.text("client_id"),
        status=status,
        paginated=query.flag("paginated") or False,
        limit=query.limit(),
        offset=query.offset(),
    )


def listed(
    reader: Reader, query: SessionQuery, *, application: Application, issuer: str, now: datetime
) -> object:
    """A bare list, or with ``paginated`` a page that says how many there are."""
    found = [
        (session, grant)
        for session in _newest_first(reader, query, application)
        if (grant := reader.grants.get(session.grant_id)) is not None
        and query.client_id in (None, client_id(grant))
        and query.status in (None, status_of(session, now))
    ]
    wanted = found[query.offset : query.offset + query.limit]
    rows = [shape(session, grant, issuer=issuer, now=now) for session, grant in wanted]
    return {"data": rows, "total_count": len(found)} if query.paginated else rows


def get(
    reader: Reader, session_id: SessionId, *, application: Application, issuer: str, now: datetime
) -> dict[str, Any] | ClerkProblem:
    """One session of the application."""
    session, grant = _named(reader, session_id, application)
    if session is None or grant is None:
        return NO_SUCH_RESOURCE
    return shape(session, grant, issuer=issuer, now=now)


def revoke(
    unit: Unit,
    session_id: SessionId,
    *,
    application: Application,
    by: Party,
    issuer: str,
    origin: Origin,
) -> dict[str, Any] | ClerkProblem:
    """End a session for good; one that is over already is answered as it is."""
    session, grant = _named(unit, session_id, application)
    if session is None or grant is None:
        return NO_SUCH_RESOURCE
    over = end(
        unit,
        session.id,
        cause=EndCause.REVOKED,
        by=by,
        origin=origin,
        application_id=application.id,
    )
    return shape(over, grant, issuer=issuer, now=unit.latest)


def awake(
    unit: Unit, session_id: SessionId, *, application: Application, origin: Origin
) -> OpenSession | ClerkProblem:
    """The live session, every premise checked again; asking counts as activity in it."""
    session, _ = _named(unit, session_id, application)
    opened = carry_on(unit, session, application=application, origin=origin)
    return _over(opened) if isinstance(opened, Over) else touched(unit, opened)


def status_of(session: Session, now: datetime) -> str:
    """One of the words that these clients know."""
    cause = session.over_because(now)
    return "active" if cause is None else _STATUS_OF.get(cause, "revoked")


def client_id(grant: Grant) -> str:
    """What stands for the browser that a grant is used in; we keep no record of browsers."""
    return _CLIENT_PREFIX + grant.id.removeprefix(IdPrefix.GRANT)


def shape(session: Session, grant: Grant, *, issuer: str, now: datetime) -> dict[str, Any]:
    """The session as JSON."""
    changed_at = session.ended_at or session.last_active_at
    return {
        "object": "session",
        "id": shown(session.id),
        "client_id": client_id(grant),
        "user_id": grant.subject_id,
        "actor": act_of(grant, issuer=issuer),
        "status": status_of(session, now),
        "last_active_organization_id": grant.organization_id,
        "last_active_at": to_ms(session.last_active_at),
        "expire_at": to_ms(session.ends_at),
        "abandon_at": to_ms(min(session.idle_at, session.ends_at)),
        "created_at": to_ms(session.started_at),
        "updated_at": to_ms(changed_at),
    }


def _named(
    reader: Reader, session_id: SessionId, application: Application
) -> tuple[Session | None, Grant | None]:
    session = reader.sessions.get(session_id)
    if session is None or session.application_id != application.id:
        return None, None
    return session, reader.grants.get(session.grant_id)


def _newest_first(
    reader: Reader, query: SessionQuery, application: Application
) -> Iterator[Session]:
    subject_ref: SubjectRef | None = None
    if query.user_id is not None:
        subject = reader.subjects.get(application.id, SubjectId(query.user_id))
        if subject is None:
            return
        subject_ref = subject.ref
    where = SessionFilter(application_id=application.id, subject_ref=subject_ref)
    after: tuple[str, ...] | None = None
    for _ in range(LOOKED_AT_MOST // _PAGE):
        rows = reader.sessions.search(where, Page(limit=_PAGE, after=after))
        yield from rows
        if len(rows) < _PAGE:
            return
        after = (str(to_ms(rows[-1].started_at)), rows[-1].id)


def _over(found: Over) -> ClerkProblem:
    if found.cause is None:
        return NO_SUCH_RESOURCE
    return ClerkProblem(
        status=HTTPStatus.NOT_FOUND,
        code=Code.NOT_FOUND,
        message="not found",
        detail="The session is over.",
        rule=found.cause.value,
    )
