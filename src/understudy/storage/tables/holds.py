"""Legal holds, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.ids import SubjectRef
from understudy.core.ports import Hold
from understudy.core.times import to_ms
from understudy.storage.database.connection import Params, Transaction
from understudy.storage.tables.rows import Codec

_HOLD = Codec(Hold)


class HoldTable:
    """Legal holds."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, hold_id: str) -> Hold | None:
        """The hold with this id, standing or released."""
        row = self._db.one("holds_get", {"id": hold_id})
        return _HOLD.read(row) if row else None

    def list(self, *, application_id: str | None = None) -> Sequence[Hold]:
        """Newest first, released ones too."""
        rows = self._db.all("holds_list", {"application_id": application_id})
        return [_HOLD.read(row) for row in rows]

    def standing(self, application_id: str) -> Sequence[Hold]:
        """Those not released, oldest first."""
        rows = self._db.all("holds_standing", {"application_id": application_id})
        return [_HOLD.read(row) for row in rows]

    def add(self, hold: Hold) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("holds_add", _HOLD.write(hold))

    def save(self, hold: Hold) -> None:
        """Write its release; all else stands."""
        self._db.change("holds_save", _HOLD.write(hold))

    def forget(
        self, application_id: str, by: datetime, *, subject_ref: SubjectRef | None = None
    ) -> int:
        """Delete holds that were released by this moment; answers how many."""
        params: Params = {
            "application_id": application_id,
            "by": to_ms(by),
            "subject_ref": subject_ref,
        }
        return self._db.run("holds_forget", params)
