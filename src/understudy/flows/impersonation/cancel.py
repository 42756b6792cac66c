"""Withdraw a grant; a session that came of it ends with it."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType, Party
from understudy.core.ports import SessionFilter, Unit
from understudy.errors import NotFound
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.close import close
from understudy.flows.origin import Origin

OPEN = frozenset({GrantStatus.PENDING, GrantStatus.READY, GrantStatus.ACTIVE})


def cancel(
    unit: Unit, grant_id: GrantId, *, by: Party, origin: Origin, application_id: str | None = None
) -> Grant:
    """Cancel an open grant; one that is over already is answered as it is.

    :raises NotFound: no such grant, or not within ``application_id``.
    """
    grant = unit.grants.get(grant_id)
    if grant is None or application_id not in (None, grant.application_id):
        raise NotFound
    if grant.status not in OPEN:
        return grant
    for session in unit.sessions.live(SessionFilter(grant_id=grant.id)):
        close(unit, session, grant, cause=EndCause.GRANT_CANCELLED, by=by, origin=origin)
    cancelled = replace(grant, status=GrantStatus.CANCELLED, armed_until=None, armed_for=None)
    unit.grants.save(cancelled)
    details = {"by_kind": by.kind, "by_ref": by.ref}
    event = EventType.GRANT_CANCELLED
    unit.record(about(unit, cancelled, event, origin=origin, by=by, details=details))
    return cancelled
