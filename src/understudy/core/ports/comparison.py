"""Rows beside what the log says of them, as whoever compares the two reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from understudy.core.ports.log import Entry


class Table(StrEnum):
    """The rows that entries tell of."""

    GRANT = "grant"
    SESSION = "session"
    OPERATOR = "operator"
    INVITATION = "invitation"
    SIGN_IN = "sign-in"
    SUBJECT = "subject"
    APPROVAL = "approval"
    REVIEW = "review"
    CONSENT = "consent"
    APPLICATION = "application"
    POLICIES = "policies"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One row, or one entry about it. ``key`` is shared by all that belong together.

    ``kind`` is a `Table` and ``index`` None for a row; else they are the type of the entry and its
    place. ``facts`` are the columns, or the core payload.
    """

    key: str
    index: int | None
    kind: str
    time: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Unexplained:
    """A row of which no entry tells, or with ``row`` None an entry that tells nothing any more."""

    time: datetime
    row: str | None


class Comparable(Protocol):
    """Rows and log on one snapshot, streamed. What shares a key comes together, rows first."""

    def grants(self) -> Iterator[Told]:
        """Grants and their sessions, by grant."""
        ...

    def team(self) -> Iterator[Told]:
        """Operators with their sign-ins and invitations, by operator."""
        ...

    def subjects(self) -> Iterator[Told]:
        """Subjects, by our own reference."""
        ...

    def consents(self) -> Iterator[Told]:
        """What users agreed to, by user."""

    def policies(self) -> Iterator[Told]:
        """Applications with their policies, by application."""
        ...

    def unexplained_grants(self) -> Iterator[Unexplained]:
        """Grants without an entry, and what is left of entries about new grants, by time."""
        ...

    def unexplained_sessions(self) -> Iterator[Unexplained]:
        """The same of sessions."""
        ...

    def entries(self, types: frozenset[str]) -> Iterator[Entry]:
        """Every entry of these types, oldest first."""
        ...

    def younger(self, first: int, last: int, moment: datetime) -> Iterator[int]:
        """Indexes from ``first`` to ``last`` of entries that are not older than ``moment``."""
        ...
