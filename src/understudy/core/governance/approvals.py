"""Approvals: when somebody else has to agree before an impersonation, and that they did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from understudy.core.ids import GrantId, OperatorId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.labels import is_group
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator

MOST_QUORUM = 5
MOST_PENDING_MINUTES = 480
"""A working day: who asked has gone home by then, and asks anew with a reason of tomorrow."""
NOTE_MAX_LENGTH = 1_000
MOST_APPROVER_GROUPS = 10

_GROUP = "group:"


def group_named(approver: str) -> str | None:
    """The group that ``approver`` names, as ``group:…``; None for what is a role, or nothing."""
    name = approver.removeprefix(_GROUP)
    return name if name != approver and is_group(name) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Approvers:
    """Those of whom one who agrees has to be: holders of one of ``roles``, members of one of
    ``groups``.
    """

    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def has(self, operator: Operator) -> bool:
        """Whether ``operator`` is one of them."""
        holds = not self.roles.isdisjoint(operator.roles)
        return holds or not self.groups.isdisjoint(operator.groups)

    @classmethod
    def named(cls, names: Collection[str]) -> Self:
        """Those whom policies name: roles, and groups as ``group:…``."""
        groups = frozenset(filter(None, map(group_named, names)))
        return cls(roles=frozenset(names), groups=groups)


@dataclass(frozen=True, kw_only=True)
class ApprovalTerms:
    """What an admin decides about approvals in one application; off as long as ``quorum`` is 0.

    ``roles`` are those whose holders may agree, and ``groups`` those whose members may. A request
    waits ``pending_minutes`` for them. With ``break_glass``, an actor may go ahead without them for
    at most ``break_glass_minutes``: that raises an alert, and somebody else has to review it.
    ``unknown`` is what a newer version stored.
    """

    quorum: int = 0
    roles: tuple[Role, ...] = (Role.APPROVER, Role.SUPPORT_MANAGER)
    pending_minutes: int = 60
    break_glass: bool = False
    break_glass_minutes: int = 15
    groups: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def approvers(self) -> Approvers:
        """Those who may agree by these terms."""
        return Approvers(roles=frozenset(self.roles), groups=frozenset(self.groups))


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
