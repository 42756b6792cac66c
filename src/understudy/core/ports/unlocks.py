"""Blocked writes that somebody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from understudy.core.governance.unlocks import Unlock
from understudy.core.ids import SessionId


class Unlocks(Protocol):
    """What was asked for, until it is forgotten."""

    def get(self, unlock_id: str) -> Unlock | None: ...
    def of_session(self, session_id: SessionId) -> Sequence[Unlock]:
        """Newest first."""
        ...

    def waiting(self, now: datetime, *, application_id: str | None = None) -> Sequence[Unlock]:
        """Those that nobody has decided and that still can be, oldest first."""
        ...


class WritableUnlocks(Unlocks, Protocol):
    """`Unlocks` in a unit."""

    def add(self, unlock: Unlock) -> None: ...
    def save(self, unlock: Unlock) -> None: ...
    def forget(self, by: datetime) -> int:
        """Delete what could not be used any more at this moment, with the values in it."""
        ...
