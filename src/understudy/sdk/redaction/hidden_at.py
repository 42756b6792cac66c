"""Where a session was shown something with a part of it hidden."""

from __future__ import annotations

MOST_PATHS = 1_000


class HiddenAt:
    """Paths whose answers had something hidden in them, in this process.

    Who puts such a thing back whole stores what they were not shown, or nothing in its place. Once
    there are too many paths, each counts as one.
    """

    __slots__ = ("_paths",)

    def __init__(self) -> None:
        self._paths: set[str] = set()

    def add(self, path: str) -> None:
        """Something was hidden at ``path``."""
        if len(self._paths) < MOST_PATHS:
            self._paths.add(path.rstrip("/"))

    def covers(self, path: str) -> bool:
        """Whether something may have been hidden at ``path``."""
        return len(self._paths) >= MOST_PATHS or path.rstrip("/") in self._paths
