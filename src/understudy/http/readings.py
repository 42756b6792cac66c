"""How many users each operator was shown of late: nobody reads a directory without a trace."""

from __future__ import annotations

from collections.abc import Callable

BUDGET = 5_000
"""Users that are shown to one operator within an hour before that is an entry, and again after."""
WINDOW_SECONDS = 3_600.0


class Readings:
    """Counts in this process; ``timer`` is monotonic, in seconds."""

    def __init__(self, *, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._shown: dict[str, tuple[float, int]] = {}

    def shown(self, operator_id: str, number: int) -> int:
        """Count ``number`` more; how many are to be written down by now, 0 within the budget."""
        now = self._timer()
        since, before = self._shown.get(operator_id, (now, 0))
        if now - since >= WINDOW_SECONDS:
            since, before = now, 0
        self._shown[operator_id] = (since, before + number)
        return before + number if before + number > BUDGET else 0

    def told(self, operator_id: str) -> None:
        """What was shown to them is written down."""
        self._shown.pop(operator_id, None)
