"""Refusals that are being counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from understudy.core.notices.denials import FoldedDenial


class FoldedDenials(Protocol):
    """Refusals that are being counted, by what they have in common."""

    def get(self, fingerprint: bytes) -> FoldedDenial | None: ...
    def due(self, now: datetime, limit: int) -> Sequence[FoldedDenial]:
        """Those that count no more at ``now``, oldest first."""
        ...


class WritableFoldedDenials(FoldedDenials, Protocol):
    """`FoldedDenials` in a unit."""

    def add(self, denial: FoldedDenial) -> None: ...
    def count(self, fingerprint: bytes) -> None:
        """One more of this kind."""
        ...

    def remove(self, fingerprint: bytes) -> None: ...
