"""Grants, and what lives below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from understudy.core.governance.budgets import OthersOfActor
from understudy.core.governance.use import GrantedOnDay
from understudy.core.ids import ActorRef, GrantId, OrganizationRef, SessionId, SubjectRef
from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationToken
from understudy.core.impersonation.sessions import Session
from understudy.core.ports.paging import FIRST_PAGE, Page


@dataclass(frozen=True, kw_only=True)
class GrantFilter:
    """Which grants to show."""

    application_id: str | None = None
    actor_ref: ActorRef | None = None
    subject_ref: SubjectRef | None = None
    statuses: frozenset[GrantStatus] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Which subjects of an actor are counted: those of an application but one, until ``now``."""

    application_id: str
    but: SubjectRef
    now: datetime


class Grants(Protocol):
    """Decisions."""

    def get(self, grant_id: GrantId) -> Grant | None: ...
    def search(self, where: GrantFilter, page: Page = FIRST_PAGE) -> Sequence[Grant]:
        """Newest first. The sort key of a row is ``(created_at in ms, id)``."""
        ...

    def expired(self, now: datetime, limit: int) -> Sequence[Grant]:
        """Pending or ready grants whose ``expires_at`` has come."""
        ...

    def older_than(self, application_id: str, moment: datetime, page: Page) -> Sequence[Grant]:
        """Grants made before ``moment``, oldest first, by the same sort key."""
        ...

    def others_of_actor(self, actor_ref: ActorRef, where: Counted) -> OthersOfActor:
        """How many subjects ``actor_ref`` was granted to become, whatever came of it."""
        ...

    def granted_by_day(self, actor_ref: ActorRef, since: datetime) -> Sequence[GrantedOnDay]:
        """What ``actor_ref`` was granted in any application, on each day that has something."""
        ...

    def subjects_of_actor(self, actor_ref: ActorRef, since: datetime) -> int:
        """How many distinct subjects that were."""
        ...


class WritableGrants(Grants, Protocol):
    """`Grants` in a unit."""

    def add(self, grant: Grant) -> None: ...
    def save(self, grant: Grant) -> None: ...


class ImpersonationTokens(Protocol):
    """Single-use tokens."""

    def by_token(self, token: str) -> ImpersonationToken | None: ...


class WritableImpersonationTokens(ImpersonationTokens, Protocol):
    """`ImpersonationTokens` in a unit."""

    def add(self, token: ImpersonationToken) -> None: ...
    def save(self, token: ImpersonationToken) -> None: ...
    def remove_expired(self, before: datetime) -> int: ...


class SessionState(StrEnum):
    """Which sessions to show."""

    LIVE = "live"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class SessionFilter:
    """Which sessions to show; None means any."""

    application_id: str | None = None
    state: SessionState | None = None
    grant_id: GrantId | None = None
    actor_ref: ActorRef | None = None
    subject_ref: SubjectRef | None = None
    organization_ref: OrganizationRef | None = None


class Sessions(Protocol):
    """Impersonation sessions. ``LIVE`` means not ended by a row, nor by an ending that is not yet
    in one; time is the caller's to check.
    """

    def get(self, session_id: SessionId) -> Session | None: ...
    def by_token(self, token: str) -> Session | None: ...
    def search(self, where: SessionFilter, page: Page = FIRST_PAGE) -> Sequence[Session]:
        """Newest first. The sort key of a row is ``(started_at in ms, id)``."""
        ...

    def live(self, where: SessionFilter) -> Sequence[Session]:
        """All live sessions that match, whatever their number."""
        ...

    def count_live(self) -> int:
        """How many are live."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Session]:
        """Live sessions whose time or idle time has run out."""
        ...


class WritableSessions(Sessions, Protocol):
    """`Sessions` in a unit. What the stored rows say is for whoever writes endings into them."""

    def stored(self, session_id: SessionId) -> Session | None: ...
    def stored_live(self, where: SessionFilter) -> Sequence[Session]: ...
    def add(self, session: Session) -> None: ...
    def save(self, session: Session) -> None: ...
    def narrow(self, session: Session) -> None:
        """Hold it to its shorter limits from now on; they never grow."""
        ...

    def touch(self, session_id: SessionId, last_active_at: datetime) -> None:
        """Move ``last_active_at`` forward, never back."""
        ...
