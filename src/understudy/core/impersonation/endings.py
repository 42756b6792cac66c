"""An ending: that sessions are over, told before it could be written into the log.

Ending only ever takes away. It is therefore obeyed from the moment at which it is known, kept where
writing needs no room, and written into the log, as of its own time, once that can be written again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from understudy.core.impersonation.grants import MAX_MINUTES
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.notices.events import Party, PartyKind

OBEYED_FOR = timedelta(minutes=MAX_MINUTES + 1)
"""After so long no session that it covers lives any more, whatever became of the ending."""


class Reach(StrEnum):
    """What an ending ends. Stable: it is kept in files and told from node to node."""

    SESSION = "session"
    ACTOR = "actor"
    SUBJECT = "subject"
    APPLICATION = "application"
    ALL = "all"


class Proof(StrEnum):
    """How whoever ended it was known. Stable: the log carries it."""

    SIGN_IN = "sign_in"
    SECRET = "secret"  # noqa: S105  # the name of a proof
    LAST_SEEN = "last_seen"
    DATA_DIRECTORY = "data_directory"


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Whoever ``ref`` names within ``reach`` works as nobody since ``at``, for ``cause``.

    ``application_id`` is where it was asked for, if in one application. ``doer_kind`` and
    ``doer_ref`` say who ended it, ``proven`` how that was known.
    """

    id: str
    reach: Reach
    ref: str | None
    application_id: str | None
    cause: EndCause
    doer_kind: PartyKind
    doer_ref: str | None
    proven: Proof
    address: str | None
    at: datetime

    @property
    def doer(self) -> Party:
        """Who ended it, by our own reference."""
        return Party(kind=self.doer_kind, ref=self.doer_ref)

    def covers(self, session: Session) -> bool:
        """Whether ``session`` is among what it ends: of many, only those that had started."""
        # A session is ended by its id whenever it started: two nodes' clocks are never quite one.
        if self.reach is Reach.SESSION:
            return session.id == self.ref
        return session.started_at <= self.at and self._names(session)

    def over(self, session: Session) -> Session:
        """``session`` as this ending leaves it; a limit that was reached before it wins."""
        return replace(
            session,
            ended_at=max(self.at, session.started_at),
            end_cause=session.over_because(self.at) or self.cause,
        )

    def coarser(self) -> Ending:
        """One that ends this and more of what the same doer may end, for who ends too many."""
        if self.doer_kind is PartyKind.OPERATOR and self.cause is EndCause.ENDED_BY_ACTOR:
            return replace(self, reach=Reach.ACTOR, ref=self.doer_ref)
        if self.application_id is not None:
            return replace(self, reach=Reach.APPLICATION, ref=self.application_id)
        return self

    def is_obeyed(self, now: datetime) -> bool:
        """False once nothing that it covers can live any more."""
        return now < self.at + OBEYED_FOR

    def _names(self, session: Session) -> bool:
        if self.reach is Reach.ACTOR:
            return session.actor_ref == self.ref
        if self.reach is Reach.SUBJECT:
            return session.subject_ref == self.ref
        if self.reach is Reach.APPLICATION:
            return session.application_id == self.ref
        return self.reach is Reach.ALL
