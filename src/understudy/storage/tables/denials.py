"""Refusals that are being counted, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.notices.denials import WINDOW, FoldedDenial
from understudy.core.times import to_ms
from understudy.storage.database.connection import Transaction
from understudy.storage.tables.rows import Codec

_DENIAL = Codec(FoldedDenial)


class FoldedDenialTable:
    """Refusals that are being counted, by what they have in common."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, fingerprint: bytes) -> FoldedDenial | None:
        """What is counted under this."""
        row = self._db.one("folded_denials_get", {"fingerprint": fingerprint})
        return _DENIAL.read(row) if row else None

    def due(self, now: datetime, limit: int) -> Sequence[FoldedDenial]:
        """Those that count no more at ``now``, oldest first."""
        params = {"by": to_ms(now - WINDOW), "now": to_ms(now), "limit": limit}
        return [_DENIAL.read(row) for row in self._db.all("folded_denials_due", params)]

    def add(self, denial: FoldedDenial) -> None:
        """Insert, or refuse one that is there."""
        self._db.change("folded_denials_add", _DENIAL.write(denial))

    def count(self, fingerprint: bytes) -> None:
        """One more of this kind."""
        self._db.change("folded_denials_count", {"fingerprint": fingerprint})

    def remove(self, fingerprint: bytes) -> None:
        """Count it no longer."""
        self._db.change("folded_denials_remove", {"fingerprint": fingerprint})
