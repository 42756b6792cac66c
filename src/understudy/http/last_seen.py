"""Who called lately, and which sessions began: enough to end one where the database cannot be read.

It permits nothing else. What is known is forgotten as soon as the log tells of a change that may
make it wrong; what changed while the log could not be read cannot be known, and ending only ever
takes away.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Permission
from understudy.core.ports import Entry
from understudy.http.principal import ApplicationPrincipal, OperatorPrincipal, Principal

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

FORGETS = frozenset(
    {
        EventType.APPLICATION_UPDATED,
        EventType.APPLICATION_DISABLED,
        EventType.APPLICATION_SECRET_ROTATED,
        EventType.OPERATOR_JOINED,
        EventType.OPERATOR_UPDATED,
        EventType.OPERATOR_DISABLED,
        EventType.OPERATOR_SIGNED_OUT,
        EventType.OPERATOR_PASSWORD_CHANGED,
        EventType.CLOCK_ADOPTED,
    }
)
"""The entries after which a secret or a sign-in may be good no more."""
MAX_CALLERS = 10_000
MAX_SESSIONS = 20_000


@dataclass(frozen=True, kw_only=True)
class SeenSession:
    """A session as the log told of its beginning, or as it was served."""

    id: SessionId
    application_id: str
    actor_ref: str


class LastSeen:
    """Callers by a hash of what they presented, sessions by their ids and by hashes of tokens."""

    def __init__(self) -> None:
        self._callers: dict[bytes, Principal] = {}
        self._by_token: dict[bytes, SeenSession] = {}
        self._sessions: dict[str, SeenSession] = {}

    def note(self, presented: str, principal: Principal) -> None:
        """``principal`` is known by what was presented."""
        _keep(self._callers, _key(presented), principal, MAX_CALLERS)

    def caller(self, presented: str, now: datetime) -> Principal | None:
        """Who was known by it last, unless their sign-in has ended by time."""
        found = self._callers.get(_key(presented))
        if isinstance(found, OperatorPrincipal) and now >= found.session.expires_at:
            return None
        return found

    def note_session(self, session: Session, token: str) -> None:
        """``session`` was served here under ``token``."""
        seen = SeenSession(
            id=session.id,
            application_id=session.application_id,
            actor_ref=session.actor_ref,
        )
        _keep(self._by_token, _key(token), seen, MAX_SESSIONS)

    def of_token(self, session_token: str) -> SeenSession | None:
        """The session that was served under this token, which may always end it."""
        return self._by_token.get(_key(session_token))

    def on_entries(self, entries: Sequence[Entry]) -> None:
        """Learn which sessions begin, and forget callers who may have changed."""
        if any(entry.type in FORGETS for entry in entries):
            self._callers = {}
        for entry in entries:
            if entry.type == EventType.SESSION_STARTED and entry.core is not None:
                seen = SeenSession(
                    id=SessionId(str(entry.core.get("session_id"))),
                    application_id=str(entry.core.get("application_id")),
                    actor_ref=str(entry.core.get("actor_ref")),
                )
                _keep(self._sessions, seen.id, seen, MAX_SESSIONS)

    def may_end(
        self, session_id: SessionId, principal: Principal, *, only_actor: bool
    ) -> SeenSession | None:
        """The session, if it is known here and ``principal`` may end it."""
        seen = self._sessions.get(session_id)
        if seen is None:
            return None
        if isinstance(principal, ApplicationPrincipal):
            return seen if seen.application_id == principal.id else None
        if not isinstance(principal, OperatorPrincipal):
            return None
        own = seen.actor_ref == principal.id
        may = own if only_actor else principal.may(Permission.SESSIONS_REVOKE)
        return seen if may else None


def _key(presented: str) -> bytes:
    return sha256(presented.encode()).digest()


def _keep(known: dict[K, V], key: K, value: V, most: int) -> None:
    known.pop(key, None)
    while len(known) >= most:
        del known[next(iter(known))]
    known[key] = value
