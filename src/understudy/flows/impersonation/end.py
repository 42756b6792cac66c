"""End or revoke sessions: always allowed, idempotent, by the actor, by others, or by a rule."""

from __future__ import annotations

from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.notices.events import Party
from understudy.core.ports import Unit
from understudy.errors import NotFound
from understudy.flows.impersonation.close import close
from understudy.flows.origin import Origin


def end(
    unit: Unit,
    session_id: SessionId,
    *,
    cause: EndCause,
    by: Party,
    origin: Origin,
    application_id: str | None = None,
) -> Session:
    """End the session for ``cause``, or for the limit that it reached before anybody asked.

    ``application_id`` confines the caller to its own sessions.

    :raises NotFound: no such session, or not within ``application_id``.
    """
    session = unit.sessions.get(session_id)
    if session is None or application_id not in (None, session.application_id):
        raise NotFound
    grant = unit.grants.get(session.grant_id)
    if grant is None:
        raise NotFound
    return close(unit, session, grant, cause=cause, by=by, origin=origin)
