"""Approvals: when somebody else has to agree before an impersonation, and that they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from understudy.core.ids import GrantId, OperatorId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role

MOST_QUORUM = 5
MOST_PENDING_MINUTES = 480
"""A working day: who asked has gone home by then, and asks anew with a reason of tomorrow."""
NOTE_MAX_LENGTH = 1_000


@dataclass(frozen=True, kw_only=True)
class ApprovalTerms:
    """What an admin decides about approvals in one application; off as long as ``quorum`` is 0.

    ``roles`` are those whose holders may agree. A request waits ``pending_minutes`` for them. With
    ``break_glass``, an actor may go ahead without them for at most ``break_glass_minutes``: that
    raises an alert, and somebody else has to review it. ``unknown`` is what a newer version stored.
    """

    quorum: int = 0
    roles: tuple[Role, ...] = (Role.APPROVER, Role.SUPPORT_MANAGER)
    pending_minutes: int = 60
    break_glass: bool = False
    break_glass_minutes: int = 15
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What one operator said to one grant that waits; each says it once.

    ``agreed`` is False for a no. ``minutes`` and ``scope`` are those to which they held it, None
    where they left it as it was. ``withdrawn_at`` is when they took their agreement back.
    """

    id: str
    application_id: str
    grant_id: GrantId
    operator_id: OperatorId
    agreed: bool
    minutes: int | None
    scope: Scope | None
    note: str | None
    decided_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it is a yes that was not taken back."""
        return self.agreed and self.withdrawn_at is None
