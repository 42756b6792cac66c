"""End everything of an application, of an actor, or of the whole installation."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.ids import ActorRef
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import Party
from understudy.core.ports import GrantFilter, Page, SessionFilter, Unit
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.end import end
from understudy.flows.origin import Origin

BATCH = 200
"""How many sessions, or grants that wait, one unit ends, so that others get their turn."""
_WAITING = frozenset({GrantStatus.PENDING, GrantStatus.READY, GrantStatus.ACTIVE})


@dataclass(frozen=True, kw_only=True)
class Whose:
    """What is to be ended: of one application, of one actor, of both at once; or all there is."""

    application_id: str | None = None
    actor_ref: ActorRef | None = None


def end_live(
    unit: Unit,
    whose: Whose,
    *,
    by: Party,
    origin: Origin,
    cause: EndCause = EndCause.REVOKED,
) -> int:
    """End a batch of sessions, an entry for each; 0 once there are none.

    Apart from what waits: it does nothing but end, and so takes effect also where nothing can be
    written.
    """
    where = SessionFilter(application_id=whose.application_id, actor_ref=whose.actor_ref)
    sessions = unit.sessions.live(where)[:BATCH]
    for session in sessions:
        end(unit, session.id, cause=cause, by=by, origin=origin)
    return len(sessions)


def cancel_waiting(unit: Unit, whose: Whose, *, by: Party, origin: Origin) -> int:
    """Cancel a batch of what may become a session, an entry for each; 0 once there is nothing."""
    where = GrantFilter(
        application_id=whose.application_id, actor_ref=whose.actor_ref, statuses=_WAITING
    )
    grants = unit.grants.search(where, Page(limit=BATCH))
    for grant in grants:
        cancel(unit, grant.id, by=by, origin=origin)
    return len(grants)
