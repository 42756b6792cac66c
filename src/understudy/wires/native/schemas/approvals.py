"""Approvals of grants that wait, and reviews of those that did not."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.approvals import (
    MOST_APPROVER_GROUPS,
    MOST_PENDING_MINUTES,
    MOST_QUORUM,
    NOTE_MAX_LENGTH,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role
from understudy.http.shapes import Answer, GroupName, Input, Time
from understudy.wires.native.schemas.impersonations import GrantAnswer

Note = Annotated[str, msgspec.Meta(max_length=NOTE_MAX_LENGTH)]
Quorum = Annotated[int, msgspec.Meta(ge=0, le=MOST_QUORUM)]
PendingMinutes = Annotated[int, msgspec.Meta(ge=1, le=MOST_PENDING_MINUTES)]
ApproverGroups = Annotated[list[GroupName], msgspec.Meta(max_length=MOST_APPROVER_GROUPS)]
BrokenMinutes = Annotated[int, msgspec.Meta(ge=1, le=60)]


class ApprovalTermsChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When somebody else has to agree; a `quorum` of 0 asks nobody. Only what is given changes.

    Who agrees holds one of `roles`, or is in one of `groups`.
    """

    quorum: Quorum | UnsetType = UNSET
    roles: Annotated[list[Role], msgspec.Meta(max_length=4)] | UnsetType = UNSET
    groups: ApproverGroups | UnsetType = UNSET
    pending_minutes: PendingMinutes | UnsetType = UNSET
    break_glass: bool | UnsetType = UNSET
    break_glass_minutes: BrokenMinutes | UnsetType = UNSET


class ApprovalTermsAnswer(Answer, frozen=True, kw_only=True):
    """When somebody else has to agree, who may, and whether anybody may go ahead without them."""

    quorum: int
    roles: list[Role]
    groups: list[str]
    pending_minutes: int
    break_glass: bool
    break_glass_minutes: int


class Approve(Input, frozen=True, kw_only=True):
    """To what the grant is held; never to more than it has. Left out, it stays as it is."""

    minutes: int | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    note: Note | UnsetType = UNSET


class Deny(Input, frozen=True, kw_only=True):
    """Why not, for the actor and for the log."""

    note: Note | UnsetType = UNSET


class ApprovalAnswer(Answer, frozen=True, kw_only=True):
    """What one operator said. ``withdrawn_at`` is when they took their agreement back."""

    id: str
    operator_id: str
    operator: str
    agreed: bool
    minutes: int | None
    scope: Scope | None
    note: str | None
    decided_at: Time
    withdrawn_at: Time | None


class ApprovalRequest(Answer, frozen=True, kw_only=True):
    """A grant that others have to agree to, and what they have said.

    ``application`` is its name. ``agreed`` is how many agree who still may. ``decidable`` says
    whether the caller may say something to it.
    """

    grant: GrantAnswer
    application: str
    approvals: list[ApprovalAnswer]
    agreed: int
    decidable: bool


class ReviewAnswer(Answer, frozen=True, kw_only=True):
    """A review of what was done without approval; it is open while ``closed_at`` is null."""

    id: str
    grant: GrantAnswer
    application: str
    opened_at: Time
    closed_at: Time | None
    closed_by: str | None
    note: str | None
    closable: bool


class CloseReview(Input, frozen=True, kw_only=True):
    """What was found."""

    note: Annotated[str, msgspec.Meta(min_length=1, max_length=NOTE_MAX_LENGTH)]
