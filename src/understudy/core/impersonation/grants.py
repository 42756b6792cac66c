"""The grant: the decision that lets one actor become one subject, and its token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from understudy.core.ids import (
    GrantId,
    OrganizationId,
    OrganizationRef,
    SessionId,
    SubjectId,
    SubjectRef,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.token_kinds import NATIVE
from understudy.core.people.principals import Actor

GRANT_LIFE = timedelta(minutes=15)
"""How long a grant that was never exchanged stays usable."""
ARMED_LIFE = timedelta(seconds=60)
"""How long a launch leaves ``/oauth2/authorize`` open for the grant's operator."""

BROWSER_MARK = "browser:"
"""How the mark of a browser begins, and no id of ours."""

REASON_MAX_LENGTH = 1_000
TICKET_MAX_LENGTH = 200
RETURN_TO_MAX_LENGTH = 2_000
MAX_MINUTES = 60


class GrantStatus(StrEnum):
    """Where a grant stands. Only ``READY`` and ``ACTIVE`` grants can be exchanged.

    A ``PENDING`` one waits until others agree; it is ``DENIED`` once one of them says no.
    """

    PENDING = "pending"
    READY = "ready"
    ACTIVE = "active"
    CLOSED = "closed"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Mark(StrEnum):
    """What is unusual about a grant, and no reason to refuse it."""

    OFF_HOURS = "off_hours"
    TICKETLESS = "ticketless"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, kw_only=True)
class ImpersonationRequest:
    """What somebody asks for. Texts arrive as typed; ``policy.decide`` judges them.

    ``reason_given`` is False where a wire has no place for a reason and its caller gave none: the
    entry says so (DESIGN rule 3). ``life`` is how long the grant waits for its first exchange.
    ``wire`` names the kind of its tokens. ``actor_as_given`` is the actor as the caller of a wire
    with a shape of its own named it. ``break_glass`` asks to go ahead without the approval that is
    wanted.
    """

    application_id: str
    actor: Actor
    subject_id: SubjectId
    organization_id: OrganizationId | None = None
    reason: str
    ticket: str | None = None
    scope: Scope | None = None
    minutes: int | None = None
    return_to: str | None = None
    wire: str = NATIVE.name
    reason_given: bool = True
    life: timedelta = GRANT_LIFE
    actor_as_given: Mapping[str, Any] | None = None
    break_glass: bool = False


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One permitted impersonation. Everything below it dies with it.

    ``session_ends_at`` is fixed at the first exchange and never moves back (DESIGN rule 8): rules
    that were tightened bring it nearer, as they do ``scope`` and ``minutes``.
    ``armed_until`` and ``armed_for`` say until when it may go on, and where: in an operator's
    session, whose id opens the code hand-off once, or in a browser (``accepted_in``). ``epoch`` is
    its application's at the time when it was made. ``origin`` is the only one at which its sessions
    may be served, drawn for it alone; None for the app's own. ``quorum`` is how many others had to
    agree when it was asked for, None for nobody. ``review_id`` names the review that it owes for
    having gone ahead without them. ``marks`` is what an auditor should see of it at a glance; None
    where there is nothing.
    """

    id: GrantId
    application_id: str
    actor: Actor
    subject_id: SubjectId
    subject_ref: SubjectRef
    organization_id: OrganizationId | None
    organization_ref: OrganizationRef | None
    reason: str
    ticket: str | None
    scope: Scope
    minutes: int
    status: GrantStatus
    return_to: str | None = None
    created_at: datetime
    expires_at: datetime
    session_ends_at: datetime | None = None
    armed_until: datetime | None = None
    armed_for: str | None = None
    actor_as_given: Mapping[str, Any] | None = None
    epoch: int = 0
    origin: str | None = None
    quorum: int | None = None
    review_id: str | None = None
    marks: tuple[Mark, ...] | None = None

    @property
    def accepted_in(self) -> str | None:
        """The mark of the browser in which somebody accepted it last, if it was one."""
        marked = self.armed_for is not None and self.armed_for.startswith(BROWSER_MARK)
        return self.armed_for if marked else None


@dataclass(frozen=True, kw_only=True)
class ImpersonationToken:
    """A single-use token of a grant, kept as a hash, with what it is bound to.

    ``wire`` names its kind, which a node that is older may not know.
    ``session_id`` is the session that its first use made: a second use revokes it. ``attempt`` is
    a keyed hash of what that use called itself: the same one again is not a second one.
    """

    token_hash: bytes = field(repr=False)
    grant_id: GrantId
    application_id: str
    wire: str
    redirect_uri: str | None = None
    code_challenge: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    session_id: SessionId | None = None
    attempt: bytes | None = field(default=None, repr=False)
