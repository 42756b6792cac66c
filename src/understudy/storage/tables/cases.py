"""What users did not agree to, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.governance.cases import Case
from understudy.core.ids import ActorRef, SessionId, SubjectRef
from understudy.core.ports import FIRST_PAGE, Page
from understudy.storage.database.connection import Params, Transaction
from understudy.storage.tables.amending import amended, forget
from understudy.storage.tables.paging import after_time
from understudy.storage.tables.rows import Codec

_CASE = Codec(Case, flat=("actor",))


class CaseTable:
    """Cases, by time."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, case_id: str) -> Case | None:
        """The case with this id."""
        row = self._db.one("cases_get", {"id": case_id})
        return _CASE.read(row) if row else None

    def search(
        self, *, only_open: bool, only_frozen: bool = False, page: Page = FIRST_PAGE
    ) -> Sequence[Case]:
        """A page, newest first."""
        where: Params = {
            "live_only": True if only_open else None,
            "by_frozen": True if only_frozen else None,
            "limit": page.limit,
            **after_time(page, "opened_at"),
        }
        return [_CASE.read(row) for row in self._db.all("cases_search", where)]

    def of_session(self, actor_ref: ActorRef, session_id: SessionId) -> Case | None:
        """What its user said of this actor's session."""
        where: Params = {"actor_ref": actor_ref, "session_id": session_id}
        row = self._db.one("cases_of_session", where)
        return _CASE.read(row) if row else None

    def freezes(self, actor_ref: ActorRef) -> bool:
        """Whether a case keeps this actor from starting anything.

        One that was changed from outside may have been lifted by whoever did so: it does.
        """
        of_actor: Params = {"actor_ref": actor_ref}
        found = [_CASE.read(row) for row in self._db.all("cases_of_actor", of_actor)]
        count = self._db.one("cases_count", of_actor)
        changed = count is not None and count["number"] != len(found)
        return changed or any(case.lifted_at is None for case in found)

    def add(self, case: Case) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("cases_add", _CASE.write(case))

    def save(self, case: Case) -> None:
        """Write how it was closed, and whether the freeze is lifted; all else stands."""
        names = ("closed_at", "closed_by", "closing_note", "lifted_at")
        changed = amended(self.get(case.id), case, *names)
        self._db.change("cases_save", _CASE.write(changed))

    def forget(
        self, application_id: str, by: datetime, *, subject_ref: SubjectRef | None = None
    ) -> int:
        """Delete those that were lifted by this moment; answers how many."""
        return forget(self._db, "cases_forget", application_id, by, subject_ref)
