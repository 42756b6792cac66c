"""Reviews: somebody else looks at what was done without the approval that was wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from understudy.core.ids import GrantId, OperatorId


@dataclass(frozen=True, kw_only=True)
class Review:
    """One impersonation that broke the glass, open until somebody else has looked at it."""

    id: str
    application_id: str
    grant_id: GrantId
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: OperatorId | None = None
    note: str | None = None
