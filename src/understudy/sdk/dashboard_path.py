"""Where, within the app, the dashboard is that the app itself serves."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.sdk.embedding import Embedding


class DashboardPath:
    """The path of ``embedding``; without one, or at a host of its own, no path of the app's."""

    def __init__(self, embedding: Embedding | None) -> None:
        self._path = embedding.path if embedding is not None else ""

    @property
    def prefixes(self) -> Sequence[str]:
        """The beginning of all paths below it, if there are any."""
        return (f"{self._path}/",) if self._path else ()

    def covers(self, base: str, path: str) -> bool:
        """Whether ``path`` is at or below it; ``base`` is where the app is mounted."""
        if not self._path:
            return False
        whole = path if path.startswith(base) else base + path
        return any(one == self._path or one.startswith(f"{self._path}/") for one in (path, whole))


NOWHERE = DashboardPath(None)
