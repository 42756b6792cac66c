"""The dashboard's people, and how they sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from understudy.core.ids import OperatorId
from understudy.core.people.principals import Invitation, Operator, OperatorSession


class Operators(Protocol):
    """The dashboard's people; e-mails are stored folded and are unique."""

    def get(self, operator_id: OperatorId) -> Operator | None: ...
    def by_email(self, email: str) -> Operator | None: ...
    def by_staff_id(self, staff_id: str) -> Operator | None: ...
    def list(self) -> Sequence[Operator]: ...


class WritableOperators(Operators, Protocol):
    """`Operators` in a unit."""

    def add(self, operator: Operator) -> None: ...
    def save(self, operator: Operator) -> None: ...


class OperatorSessions(Protocol):
    """Sign-ins of operators."""

    def by_token(self, token: str) -> OperatorSession | None: ...
    def of_operator(self, operator_id: OperatorId) -> Sequence[OperatorSession]: ...


class WritableOperatorSessions(OperatorSessions, Protocol):
    """`OperatorSessions` in a unit."""

    def add(self, session: OperatorSession) -> None: ...
    def touch(self, session_id: str, last_seen_at: datetime) -> None: ...
    def confirm(self, session_id: str, confirmed_at: datetime) -> None: ...
    def remove(self, session_id: str) -> None: ...
    def remove_of_operator(self, operator_id: OperatorId) -> int: ...
    def remove_expired(self, now: datetime) -> int: ...
    def remove_all(self) -> int: ...


class Invitations(Protocol):
    """One-time links."""

    def by_token(self, token: str) -> Invitation | None: ...


class WritableInvitations(Invitations, Protocol):
    """`Invitations` in a unit."""

    def add(self, invitation: Invitation) -> None: ...
    def save(self, invitation: Invitation) -> None: ...
    def remove_of_operator(self, operator_id: OperatorId) -> int: ...


@dataclass(frozen=True, kw_only=True)
class SignInFailures:
    """Failed sign-ins under one key: the keyed hash of an e-mail address, known or not."""

    key: bytes
    count: int
    first_at: datetime
    locked_until: datetime | None = None


class SignInFailureLog(Protocol):
    """Failures by key; the same for addresses that exist and that do not."""

    def get(self, key: bytes) -> SignInFailures | None: ...


class WritableSignInFailureLog(SignInFailureLog, Protocol):
    """`SignInFailureLog` in a unit."""

    def save(self, failures: SignInFailures) -> None: ...
    def clear(self, key: bytes) -> None: ...
