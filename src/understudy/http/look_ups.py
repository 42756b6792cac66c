"""Whom each operator has opened of late: somebody who looks through accounts leaves a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_SECONDS = 3_600.0


@dataclass
class _Opened:
    since: float
    users: set[tuple[str, str]] = field(default_factory=set)


class LookUps:
    """Counts in this process, by operator; ``timer`` is monotonic, in seconds.

    No more users are remembered of an operator than the limit that they are counted against.
    """

    def __init__(self, *, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._opened: dict[str, _Opened] = {}

    def opened(self, operator_id: str, user: tuple[str, str], limit: int) -> int:
        """Count ``user``, an application's id and its own; how many different ones within an hour
        are to be written down by now, 0 up to ``limit``.
        """
        now = self._timer()
        found = self._opened.get(operator_id)
        if found is None or now - found.since >= WINDOW_SECONDS:
            found = self._opened[operator_id] = _Opened(since=now)
        found.users.add(user)
        return len(found.users) if len(found.users) > limit else 0

    def told(self, operator_id: str) -> None:
        """What they opened is written down; the count begins anew."""
        self._opened.pop(operator_id, None)
