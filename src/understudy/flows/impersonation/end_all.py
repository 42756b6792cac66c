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


@dataclass(frozen=True, kw_only=True)
class EndedAll:
    """How many were ended; with ``more`` another call would find more."""

    sessions: int = 0
    grants: int = 0
    more: bool = False

    def __add__(self, later: EndedAll) -> EndedAll:
        return EndedAll(
            sessions=self.sessions + later.sessions,
            grants=self.grants + later.grants,
            more=later.more,
        )


def end_all(unit: Unit, whose: Whose, *, by: Party, origin: Origin) -> EndedAll:
    """Revoke a batch of sessions, and then cancel a batch of what waits; an entry for each."""
    where = SessionFilter(application_id=whose.application_id, actor_ref=whose.actor_ref)
    sessions = unit.sessions.live(where)[:BATCH]
    for session in sessions:
        end(unit, session.id, cause=EndCause.REVOKED, by=by, origin=origin)
    if len(sessions) == BATCH:
        return EndedAll(sessions=BATCH, more=True)
    grants = unit.grants.search(
        GrantFilter(
            application_id=whose.application_id, actor_ref=whose.actor_ref, statuses=_WAITING
        ),
        Page(limit=BATCH),
    )
    for grant in grants:
        cancel(unit, grant.id, by=by, origin=origin)
    return EndedAll(sessions=len(sessions), grants=len(grants), more=len(grants) == BATCH)
