"""Hidden fields that somebody asked to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from understudy.core.ids import SessionId
from understudy.core.redaction.lifted import Reveal


class Reveals(Protocol):
    """What was revealed, until it is forgotten."""

    def of_session(self, session_id: SessionId) -> Sequence[Reveal]:
        """All of one session, oldest first, those that are over as well."""
        ...


class WritableReveals(Reveals, Protocol):
    """`Reveals` in a unit."""

    def add(self, reveal: Reveal) -> None: ...
    def forget(self, by: datetime) -> int:
        """Delete what was revealed at this moment or before."""
        ...
