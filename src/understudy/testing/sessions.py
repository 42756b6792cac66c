"""The sessions of a fake service: whose they are, how long they live, and why they are over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from understudy.core.impersonation.sessions import LEASE, EndCause
from understudy.core.redaction.lifted import MOST_REVEALS, REVEAL_LIFE, Lifted, Shown
from understudy.core.redaction.reveals import may_be_lifted
from understudy.core.rules.reveal import REVEAL_NOT_ALLOWED, TOO_MANY_REVEALS
from understudy.errors import NotFound, Refused, TokenInvalid
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.secret import Secret
from understudy.sdk.values import ActiveSession, Opened


@dataclass(frozen=True, kw_only=True)
class FakeSession:
    """A session that a test has opened. ``headers`` are those of the actor's browser."""

    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What makes a request belong to the session, and come from one of its pages."""
        return {"Cookie": f"{OVERLAY}={self.token}", "Understudy-Page": self.id}


class Sessions:
    """Kept by id and by token. Limits are those of the service, by ``clock``."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sessions: dict[str, ActiveSession] = {}
        self._ids: dict[str, str] = {}
        self.over: dict[str, EndCause] = {}

    def add(self, session: ActiveSession, token: str) -> None:
        """A new session behind ``token``."""
        self._sessions[session.id] = session
        self._ids[token] = session.id

    def knows(self, session_id: str) -> bool:
        """Whether there is, or was, such a session."""
        return session_id in self._sessions

    def all(self) -> list[ActiveSession]:
        """Every session, oldest first."""
        return list(self._sessions.values())

    def session(self, session_id: str) -> ActiveSession:
        """The session of that id."""
        return self._sessions[session_id]

    def somebody_is(self, subject_id: str) -> bool:
        """Whether a session lives in which somebody works as this user."""
        return any(
            session.subject.id == subject_id and self.over_because(session.id) is None
            for session in self._sessions.values()
        )

    def id_of(self, token: str) -> str:
        """The session behind ``token``.

        :raises TokenInvalid: there is none.
        """
        session_id = self._ids.get(token)
        if session_id is None:
            raise TokenInvalid
        return session_id

    def over_because(self, session_id: str) -> EndCause | None:
        """Why a session is over, if anybody has ended it or a limit has come.

        :raises NotFound: no such session.
        """
        session = self._sessions.get(session_id)
        if session is None:
            raise NotFound
        now = self._clock()
        if session_id in self.over:
            return self.over[session_id]
        if now >= session.ends_at:
            return EndCause.TIME_LIMIT
        return EndCause.IDLE if now >= session.idle_ends_at else None

    def touch(self, session_id: str) -> None:
        """Something is done in a session, which puts its idle end off, never its end."""
        session, now = self._sessions[session_id], self._clock()
        idle = session.idle_ends_at - session.last_active_at
        self._sessions[session_id] = replace(session, last_active_at=now, idle_ends_at=now + idle)

    def reveal(self, session_id: str, lifted: Lifted) -> Shown:
        """Show ``lifted`` in a session for a while.

        :raises Refused: it may not be, or too much was.
        """
        session, now = self._sessions[session_id], self._clock()
        held_to = session.restrictions
        rule = None if may_be_lifted(held_to.redaction, lifted) else REVEAL_NOT_ALLOWED
        if rule is None and len(held_to.reveals) >= MOST_REVEALS:
            rule = TOO_MANY_REVEALS
        if rule is not None:
            raise Refused(rule.explained(None), rule=rule.code)
        shown = Shown(lifted=lifted, until=min(now + REVEAL_LIFE, session.ends_at))
        restrictions = replace(held_to, reveals=(*held_to.reveals, shown))
        self._sessions[session_id] = replace(session, restrictions=restrictions)
        return shown

    def opened(self, token: str, *, log_index: int) -> Opened:
        """A live session as the service tells of it."""
        session, now = self._sessions[self.id_of(token)], self._clock()
        return Opened(
            session=replace(session, idle_ends_at=min(session.idle_ends_at, session.ends_at)),
            session_token=Secret(token),
            lease_expires_at=min(now + LEASE, session.ends_at),
            server_time=now,
            log_index=log_index,
        )
