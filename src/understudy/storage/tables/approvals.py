"""What others said to grants, and reviews, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.core.governance.approvals import Approval
from understudy.core.governance.reviews import Review
from understudy.core.ids import GrantId
from understudy.core.ports import FIRST_PAGE, Page
from understudy.storage.database.connection import Params, Transaction
from understudy.storage.tables.paging import after_time
from understudy.storage.tables.rows import Codec

_APPROVAL = Codec(Approval)
_REVIEW = Codec(Review)


class ApprovalTable:
    """What others said, by grant."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def of_grant(self, grant_id: GrantId) -> Sequence[Approval]:
        """Everything that was said to one grant, oldest first."""
        rows = self._db.all("approvals_of_grant", {"grant_id": grant_id})
        return [_APPROVAL.read(row) for row in rows]

    def add(self, approval: Approval) -> None:
        """Insert, or refuse a second word of one operator."""
        self._db.change("approvals_add", _APPROVAL.write(approval))

    def save(self, approval: Approval) -> None:
        """Write that it was taken back, and its note; all else stands."""
        self._db.change("approvals_save", _APPROVAL.write(approval))


class ReviewTable:
    """Reviews, open and closed."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, review_id: str) -> Review | None:
        """The review with this id."""
        row = self._db.one("reviews_get", {"id": review_id})
        return _REVIEW.read(row) if row else None

    def list(
        self, *, only_open: bool, application_id: str | None = None, page: Page = FIRST_PAGE
    ) -> Sequence[Review]:
        """A page, newest first."""
        params: Params = {
            "live": only_open or None,
            "application_id": application_id,
            "limit": page.limit,
            **after_time(page, "opened_at"),
        }
        return [_REVIEW.read(row) for row in self._db.all("reviews_list", params)]

    def add(self, review: Review) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("reviews_add", _REVIEW.write(review))

    def save(self, review: Review) -> None:
        """Write that it was closed, and its note; all else stands."""
        self._db.change("reviews_save", _REVIEW.write(review))
