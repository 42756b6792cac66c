"""End what has run out of time: sessions at their limit or idle, grants that nobody used."""

from __future__ import annotations

from dataclasses import dataclass, replace

from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import Unit
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.close import close
from understudy.flows.origin import Origin

BATCH = 200
"""How many of each kind one unit closes, so that others get their turn."""


@dataclass(frozen=True, kw_only=True)
class Expired:
    """How many were closed; ``more`` when a batch was full."""

    sessions: int
    grants: int

    @property
    def more(self) -> bool:
        """True when another call would find more."""
        return BATCH in (self.sessions, self.grants)


def expire(unit: Unit) -> Expired:
    """Close up to ``BATCH`` sessions and grants that are due."""
    due = unit.sessions.due(unit.latest, BATCH)
    for session in due:
        grant = unit.grants.get(session.grant_id)
        if grant is not None:
            # `close` finds out which limit it was: this one is only what it falls back on.
            close(unit, session, grant, cause=EndCause.TIME_LIMIT, by=SYSTEM, origin=Origin())
    unused = unit.grants.expired(unit.latest, BATCH)
    for grant in unused:
        unit.grants.save(replace(grant, status=GrantStatus.EXPIRED))
        unit.record(about(unit, grant, EventType.GRANT_EXPIRED, origin=Origin(), by=SYSTEM))
    return Expired(sessions=len(due), grants=len(unused))
