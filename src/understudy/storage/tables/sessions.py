"""Impersonation sessions, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import Session
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.ports import FIRST_PAGE, Page, SessionFilter, SessionState, Vault
from understudy.core.times import to_ms
from understudy.storage.database.connection import Params, Transaction
from understudy.storage.endings.in_force import NO_ENDINGS, EndingsInForce
from understudy.storage.tables.driving import drive
from understudy.storage.tables.look_up import LookUp, first_found
from understudy.storage.tables.paging import after_time
from understudy.storage.tables.rows import Codec

_SESSION = Codec(Session)
_BY_ID = LookUp(_SESSION, "sessions_get", save="sessions_save")

_LIMITS = ("ends_at", "idle_limit")
_ORDER = ("grant_id", "subject_ref", "actor_ref", "live", "organization_ref", "application_id")


class SessionTable:
    """Impersonation sessions.

    This is the one place that obeys ``endings``: whatever they cover is answered as over, before
    its row says so. Only ``stored`` and ``stored_live`` answer what the rows say.
    """

    def __init__(self, db: Transaction, vault: Vault, endings: EndingsInForce = NO_ENDINGS) -> None:
        self._db = db
        self._vault = vault
        self._endings = endings

    def get(self, session_id: SessionId) -> Session | None:
        """The session with this id."""
        session = self.stored(session_id)
        return session if session is None else self._endings.over(session)

    def stored(self, session_id: SessionId) -> Session | None:
        """The session with this id, as its row has it."""
        return _BY_ID.get(self._db, session_id)

    def by_token(self, token: str) -> Session | None:
        """The session behind a token."""
        hashes = self._vault.token_hashes(TokenPurpose.SESSION, token)
        return first_found(self.by_token_hash, hashes)

    def by_token_hash(self, token_hash: bytes) -> Session | None:
        """The session behind a token that is stored as this."""
        row = self._db.one("sessions_by_token_hash", {"token_hash": token_hash})
        return self._endings.over(_SESSION.read(row)) if row else None

    def search(self, where: SessionFilter, page: Page = FIRST_PAGE) -> Sequence[Session]:
        """A page, newest first."""
        rows = [self._endings.over(session) for session in self._search(where, page)]
        if not self._endings or where.state is None:
            return rows
        # Of live ones there are few: those that are over by now change lists with them.
        if where.state is SessionState.LIVE:
            return _page(self.live(where), page)
        moved = [one for one in map(self._endings.over, self.stored_live(where)) if _is_over(one)]
        return _page([*rows, *moved], page)

    def live(self, where: SessionFilter) -> Sequence[Session]:
        """All live sessions that match, oldest first."""
        if where.state is SessionState.OVER:
            return []
        stored = self.stored_live(where)
        if not self._endings:
            return stored
        return [session for session in stored if self._endings.of(session) is None]

    def stored_live(self, where: SessionFilter) -> Sequence[Session]:
        """All sessions that match and whose rows do not say that they are over, oldest first."""
        rows = self._db.all("sessions_live", _filters(where, SessionState.LIVE))
        return [_SESSION.read(row) for row in rows]

    def count_live(self) -> int:
        """How many are live."""
        if self._endings:
            return len(self.live(SessionFilter()))
        row = self._db.one("sessions_count_live")
        return int(row["number"] or 0) if row else 0

    def due(self, now: datetime, limit: int) -> Sequence[Session]:
        """Live sessions whose time or idle time has run out, oldest first."""
        if self._endings:
            live = self.live(SessionFilter())
            return [one for one in live if one.over_because(now) is not None][:limit]
        rows = self._db.all("sessions_due", {"now": to_ms(now), "limit": limit})
        return [_SESSION.read(row) for row in rows]

    def _search(self, where: SessionFilter, page: Page) -> Sequence[Session]:
        params: Params = {
            **_filters(where, where.state),
            "limit": page.limit,
            **after_time(page, "started_at"),
        }
        return [_SESSION.read(row) for row in self._db.all("sessions_search", params)]

    def add(self, session: Session) -> None:
        """Insert, or refuse an id, a token or a second live session of one grant."""
        self._db.change("sessions_add", _SESSION.write(session))
        _BY_ID.added(self._db, session)

    def save(self, session: Session) -> None:
        """Write its activity and its end; whose it is, and its limits, stand."""
        self._db.change("sessions_save", _BY_ID.changed(self._db, session, _BY_ID.written))
        _BY_ID.saved(self._db, session)

    def narrow(self, session: Session) -> None:
        """Write shorter limits, or refuse longer ones."""
        self._db.change("sessions_narrow", _BY_ID.changed(self._db, session, _LIMITS))

    def touch(self, session_id: SessionId, last_active_at: datetime) -> None:
        """Move ``last_active_at`` forward, never back."""
        # Two nodes may note activity at once, and the later instant counts.
        stored = self.stored(session_id)
        if stored is not None and stored.last_active_at < last_active_at:
            self.save(replace(stored, last_active_at=last_active_at))


def _is_over(session: Session) -> bool:
    return session.end_cause is not None


def _page(sessions: Sequence[Session], page: Page) -> Sequence[Session]:
    """What of ``sessions`` is on the page."""
    place = after_time(page, "started_at")
    moment, after_id = place["after_started_at"], place["after_id"]

    def key(session: Session) -> tuple[int, str]:
        return to_ms(session.started_at), session.id

    newest = sorted(sessions, key=key, reverse=True)
    if isinstance(moment, int):
        newest = [one for one in newest if key(one) < (moment, str(after_id))]
    return newest[: page.limit]


def _filters(where: SessionFilter, state: SessionState | None) -> dict[str, str | None]:
    return drive(
        {
            "grant_id": where.grant_id,
            "subject_ref": where.subject_ref,
            "actor_ref": where.actor_ref,
            "organization_ref": where.organization_ref,
            "application_id": where.application_id,
            "live": "live" if state is SessionState.LIVE else None,
            "over": "over" if state is SessionState.OVER else None,
        },
        _ORDER,
    )
