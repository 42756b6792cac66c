"""Legal holds, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from understudy.core.ids import SubjectRef
from understudy.core.ports import Hold
from understudy.storage.database.connection import Transaction
from understudy.storage.tables.amending import amended, forget
from understudy.storage.tables.rows import Codec

_HOLD = Codec(Hold)


def _over_everything(application_id: str) -> Hold:
    return Hold(
        id="",
        application_id=application_id,
        subject_id=None,
        subject_ref=None,
        reason="The row of a hold was changed from outside.",
        placed_by="",
        placed_at=datetime.min.replace(tzinfo=UTC),
    )


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
        """Those not released, oldest first.

        A hold that was changed from outside may have covered anything: until it is looked into, it
        covers the whole application, where it would otherwise be as if it had been lifted.
        """
        found = self.list(application_id=application_id)
        row = self._db.one("holds_count", {"application_id": application_id})
        changed = row is not None and row["number"] != len(found)
        standing = [hold for hold in reversed(found) if hold.released_at is None]
        return [*standing, _over_everything(application_id)] if changed else standing

    def add(self, hold: Hold) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("holds_add", _HOLD.write(hold))

    def save(self, hold: Hold) -> None:
        """Write its release; all else stands."""
        changed = amended(self.get(hold.id), hold, "released_at")
        self._db.change("holds_save", _HOLD.write(changed))

    def forget(
        self, application_id: str, by: datetime, *, subject_ref: SubjectRef | None = None
    ) -> int:
        """Delete holds that were released by this moment; answers how many."""
        return forget(self._db, "holds_forget", application_id, by, subject_ref)
