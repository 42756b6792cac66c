"""The readable side of the log, and how it forgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from understudy.core.governance.use import RefusedOnDay
from understudy.core.ids import ActorRef, GrantId, OrganizationRef, SessionId, SubjectRef
from understudy.core.notices.events import Outcome, Scalar


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An audit entry as it is read. Erased halves are None; ``leaf`` is what the log proves.

    ``type`` is an ``EventType``, or the text that a newer node wrote.
    """

    index: int
    time: datetime
    type: str
    leaf: bytes
    core: Mapping[str, Scalar | Mapping[str, Scalar]] | None
    personal: Mapping[str, Scalar] | None


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """Which entries to show; None means any. Times are inclusive, then exclusive.

    ``actor_ref`` finds what somebody did, and what was done to sessions and grants of theirs.
    """

    application_id: str | None = None
    types: frozenset[str] = frozenset()
    actor_ref: ActorRef | None = None
    subject_ref: SubjectRef | None = None
    organization_ref: OrganizationRef | None = None
    grant_id: GrantId | None = None
    session_id: SessionId | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ActionCounts:
    """What was done in a session: pages read, changes asked for, and what the guard refused."""

    reads: int = 0
    changes: int = 0
    refused: int = 0


class Entries(Protocol):
    """The readable side of the log."""

    def size(self) -> int: ...
    def newest(self) -> datetime | None:
        """From when the last entry is; None while there is none."""
        ...

    def get(self, index: int) -> Entry | None: ...
    def search(
        self, where: EntryFilter, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Entry]:
        """Newest first, below index ``before``."""
        ...

    def after(
        self, index: int, *, types: frozenset[str] = frozenset(), limit: int = 1000
    ) -> Sequence[Entry]:
        """Oldest first, above ``index``: what a follower reads."""
        ...

    def count_due(
        self,
        application_id: str,
        moment: datetime,
        *,
        from_index: int,
        held_subjects: frozenset[SubjectRef] = frozenset(),
    ) -> int:
        """How many entries `Erasures.older_than` would take something from, all steps together."""
        ...

    def actions_of(self, session_id: SessionId) -> ActionCounts:
        """What the log still says was done in a session."""
        ...

    def refused_by_day(self, actor_ref: ActorRef, since: datetime) -> Sequence[RefusedOnDay]:
        """What ``actor_ref`` asked for and was refused, on each day that has something."""
        ...


@dataclass(frozen=True, kw_only=True)
class RetentionBatch:
    """What one step of retention erased: rising indexes, and where the next step begins.

    ``both`` lost both halves, ``personal`` only the personal one (their core half tells of an
    erasure). Before ``next_index`` nothing is left that will ever fall due but what is held;
    ``more`` says that something is due already.
    """

    both: Sequence[int]
    personal: Sequence[int]
    next_index: int
    more: bool


class Erasures(Protocol):
    """Forgetting, inside a unit. Indexes touched are answered so that the erasure can name them.

    What was delivered or is to be delivered of an erased entry is `Deliveries.forget_entries`.
    """

    def personal_of_subject(
        self, application_id: str, subject_ref: SubjectRef, *, from_index: int, limit: int
    ) -> Sequence[int]:
        """Delete payload and salt of the personal half of entries about a subject.

        At most ``limit`` of them from ``from_index`` on, the oldest first.
        """
        ...

    def older_than(
        self,
        application_id: str,
        moment: datetime,
        *,
        from_index: int,
        limit: int,
        held_subjects: frozenset[SubjectRef] = frozenset(),
    ) -> RetentionBatch:
        """Delete both halves of an application's entries from before ``moment``.

        At most ``limit`` entries from ``from_index`` on, the oldest first. Entries about
        ``held_subjects`` (refs) stay; of what lasts (`LASTING`) only the personal half goes.
        """
        ...

    def scrub(self) -> None:
        """Ask that what this unit forgets also leaves the disk once it is durable."""
        ...
