"""Blocked writes that somebody asked for, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.governance.unlocks import Unlock
from understudy.core.ids import SessionId
from understudy.core.times import to_ms
from understudy.storage.database.connection import Transaction
from understudy.storage.tables.rows import Codec

_UNLOCK = Codec(Unlock)


class UnlockTable:
    """What was asked for, until it is forgotten."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, unlock_id: str) -> Unlock | None:
        """The one with this id, however it stands."""
        row = self._db.one("unlocks_get", {"id": unlock_id})
        return _UNLOCK.read(row) if row else None

    def of_session(self, session_id: SessionId) -> Sequence[Unlock]:
        """Newest first."""
        rows = self._db.all("unlocks_of_session", {"session_id": session_id})
        return [_UNLOCK.read(row) for row in rows]

    def waiting(self, now: datetime, *, application_id: str | None = None) -> Sequence[Unlock]:
        """Those that nobody has decided and that still can be, oldest first."""
        where = {"now": to_ms(now), "application_id": application_id}
        return [_UNLOCK.read(row) for row in self._db.all("unlocks_waiting", where)]

    def add(self, unlock: Unlock) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("unlocks_add", _UNLOCK.write(unlock))

    def save(self, unlock: Unlock) -> None:
        """Write what was decided, or that it was used."""
        self._db.change("unlocks_save", _UNLOCK.write(unlock))

    def forget(self, by: datetime) -> int:
        """Delete what could not be used any more at this moment, with the values in it."""
        return self._db.run("unlocks_forget", {"by": to_ms(by)})
