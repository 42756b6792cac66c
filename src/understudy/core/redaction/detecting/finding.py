"""How a detector is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from re import Match, Pattern


@dataclass(frozen=True, slots=True)
class Finding:
    """One shape of values. Each has some ``hint`` in it, which is found many times as fast, and is
    written so that any engine of expressions reads it alike. ``holds`` decides on what ``shape``
    has found, such as by a check digit.
    """

    shape: Pattern[str]
    hint: str
    holds: Callable[[str], bool] | None = None

    def hidden(self, text: str, mask: str) -> str:
        """``text`` with ``mask`` in place of all that is found."""
        if self.holds is None:
            return self.shape.sub(lambda _: mask, text)
        return self.shape.sub(lambda match: self._decided(match, mask), text)

    def _decided(self, match: Match[str], mask: str) -> str:
        found = match.group()
        return mask if self.holds is None or self.holds(found) else found
