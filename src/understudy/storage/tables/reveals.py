"""Hidden fields that somebody asked to see, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.ids import SessionId
from understudy.core.redaction.lifted import Reveal
from understudy.core.times import to_ms
from understudy.storage.database.connection import Transaction
from understudy.storage.tables.rows import Codec

_REVEAL = Codec(Reveal)


class RevealTable:
    """What was revealed, until it is forgotten."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def of_session(self, session_id: SessionId) -> Sequence[Reveal]:
        """All of one session, oldest first, those that are over as well."""
        rows = self._db.all("reveals_of_session", {"session_id": session_id})
        return [_REVEAL.read(row) for row in rows]

    def add(self, reveal: Reveal) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("reveals_add", _REVEAL.write(reveal))

    def forget(self, by: datetime) -> int:
        """Delete what was revealed at this moment or before."""
        return self._db.run("reveals_forget", {"by": to_ms(by)})
