"""What keeps the log from forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from understudy.core.ids import SubjectId, SubjectRef


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A legal hold: nothing it covers is erased while it stands. No subject: the application."""

    id: str
    application_id: str
    subject_id: SubjectId | None
    subject_ref: SubjectRef | None
    reason: str
    placed_by: str
    placed_at: datetime
    released_at: datetime | None = None


class Holds(Protocol):
    """Legal holds."""

    def get(self, hold_id: str) -> Hold | None: ...
    def list(self, *, application_id: str | None = None) -> Sequence[Hold]:
        """Newest first, released ones too; they are few."""
        ...

    def standing(self, application_id: str) -> Sequence[Hold]: ...


class WritableHolds(Holds, Protocol):
    """`Holds` in a unit."""

    def add(self, hold: Hold) -> None: ...
    def save(self, hold: Hold) -> None:
        """Write its release; all else stands."""
        ...

    def forget(
        self, application_id: str, by: datetime, *, subject_ref: SubjectRef | None = None
    ) -> int:
        """Delete holds that were released by this moment; answers how many."""
        ...
