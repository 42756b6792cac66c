"""Parts of the app that an option names by how their paths begin."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.errors import SetupError


class PathPrefixes:
    """Covers paths below ``prefixes`` in their plainest spelling alone.

    Whatever a router may read otherwise is not covered: no exception is a way around what it is an
    exception from.

    :raises SetupError: a prefix of the option ``name`` does not begin and end with a slash.
    """

    def __init__(self, prefixes: Iterable[str], *, name: str) -> None:
        self._prefixes = tuple(prefixes)
        for prefix in self._prefixes:
            if not (prefix.startswith("/") and prefix.endswith("/") and len(prefix) > 1):
                raise SetupError(f"{name} names paths like /static/, and not {prefix!r}.")

    def covers(self, path: str) -> bool:
        """Whether ``path`` lies below one of them."""
        if not path.startswith(self._prefixes):
            return False
        odd = any(mark in path for mark in ("%", "\\", ";", "//", "\ufffd"))
        return not odd and not any(part in (".", "..") for part in path.split("/"))

    def __bool__(self) -> bool:
        return bool(self._prefixes)
