"""The grant: the decision that lets one actor become one subject, and its token."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from understudy.core.principals import Actor
from understudy.core.restrictions import Scope

GRANT_LIFE = timedelta(minutes=15)
"""How long a grant that was never exchanged stays usable."""
ARMED_LIFE = timedelta(seconds=60)
"""How long a launch leaves ``/oauth2/authorize`` open for the grant's operator."""
TOKEN_LIFE = timedelta(seconds=60)
"""How long a native impersonation token lives (DESIGN rule 6)."""

REASON_MAX_LENGTH = 1_000
TICKET_MAX_LENGTH = 200
RETURN_TO_MAX_LENGTH = 2_000
MAX_MINUTES = 60


class GrantStatus(StrEnum):
    """Where a grant stands. Only ``READY`` and ``ACTIVE`` grants can be exchanged."""

    PENDING = "pending"
    READY = "ready"
    ACTIVE = "active"
    CLOSED = "closed"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class ImpersonationRequest:
    """What somebody asks for. Texts arrive as typed; ``policy.decide`` judges them."""

    application_id: str
    actor: Actor
    subject_id: str
    organization_id: str | None = None
    reason: str
    ticket: str | None = None
    scope: Scope | None = None
    minutes: int | None = None
    return_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One permitted impersonation. Everything below it dies with it.

    ``session_ends_at`` is fixed at the first exchange and never moves (DESIGN rule 8).
    ``armed_until`` and ``armed_for`` (an operator session's id) open the code hand-off once.
    """

    id: str
    application_id: str
    actor: Actor
    subject_id: str
    subject_ref: str
    organization_id: str | None
    organization_ref: str | None
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

    @property
    def exchangeable(self) -> bool:
        """True while a token of this grant may be exchanged, its own expiry aside."""
        return self.status in (GrantStatus.READY, GrantStatus.ACTIVE)


class TokenWire(StrEnum):
    """The protocol that a token was made for; each takes only its own."""

    NATIVE = "native"
    CODE = "code"


@dataclass(frozen=True, kw_only=True)
class ImpersonationToken:
    """A single-use token of a grant, kept as a hash, with what it is bound to.

    ``session_id`` is the session that its first use made: a second use revokes it.
    """

    token_hash: bytes = field(repr=False)
    grant_id: str
    application_id: str
    wire: TokenWire
    redirect_uri: str | None = None
    code_challenge: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    session_id: str | None = None
