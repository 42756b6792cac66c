"""Where a session was shown something with a part of it hidden."""

from __future__ import annotations

from collections.abc import Sequence

MOST_PATHS = 1_000
MOST_LATEST = 8


class HiddenAt:
    """Paths whose answers had something hidden in them, in this process.

    Who puts such a thing back whole stores what they were not shown, or nothing in its place. Once
    there are too many paths, each counts as one.
    """

    __slots__ = ("_paths",)

    def __init__(self) -> None:
        # In order, the latest at the end.
        self._paths: dict[str, None] = {}

    def add(self, path: str) -> None:
        """Something was hidden at ``path``."""
        path = path.rstrip("/")
        if len(self._paths) < MOST_PATHS:
            self._paths.pop(path, None)
            self._paths[path] = None

    def forget(self, path: str) -> None:
        """``path`` was shown with nothing hidden; one of too many counts all the same."""
        if len(self._paths) < MOST_PATHS:
            self._paths.pop(path.rstrip("/"), None)

    def latest(self) -> Sequence[str]:
        """Where something was hidden, the latest first, and only a few."""
        return [path or "/" for path in reversed(list(self._paths))][:MOST_LATEST]

    def covers(self, path: str) -> bool:
        """Whether something may have been hidden at ``path``."""
        return len(self._paths) >= MOST_PATHS or path.rstrip("/") in self._paths
