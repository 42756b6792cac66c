"""What others said to grants that wait for them, and reviews of those that did not wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from understudy.core.governance.approvals import Approval
from understudy.core.governance.reviews import Review
from understudy.core.ids import GrantId
from understudy.core.ports.paging import FIRST_PAGE, Page


class Approvals(Protocol):
    """What was said, by grant."""

    def of_grant(self, grant_id: GrantId) -> Sequence[Approval]:
        """Everything that was said to it, oldest first; one word of each operator."""
        ...


class WritableApprovals(Approvals, Protocol):
    """`Approvals` in a unit."""

    def add(self, approval: Approval) -> None: ...
    def save(self, approval: Approval) -> None:
        """Write that it was taken back, and its note; all else stands."""
        ...


class Reviews(Protocol):
    """Reviews, open and closed."""

    def get(self, review_id: str) -> Review | None: ...
    def list(
        self, *, only_open: bool, application_id: str | None = None, page: Page = FIRST_PAGE
    ) -> Sequence[Review]:
        """Newest first. The sort key of a row is ``(opened_at in ms, id)``."""
        ...


class WritableReviews(Reviews, Protocol):
    """`Reviews` in a unit."""

    def add(self, review: Review) -> None: ...
    def save(self, review: Review) -> None: ...
