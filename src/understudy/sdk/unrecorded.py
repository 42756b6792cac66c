"""Addresses whose reading says nothing about a person: style sheets, scripts, logos."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.sdk.path_prefixes import PathPrefixes


class Unrecorded:
    """Path prefixes whose safe requests stay out of the log, if they are answered well.

    Meant for what is the same for everybody. A path in any but its plainest spelling is recorded:
    what is left out must not be a way around the log.

    :raises SetupError: a prefix that does not begin and end with a slash.
    """

    def __init__(self, prefixes: Iterable[str] = ()) -> None:
        self._prefixes = PathPrefixes(prefixes, name="unrecorded")

    def covers(self, methods: Iterable[str], path: str) -> bool:
        """Whether a request with these methods for this path may stay out of the log."""
        return self._prefixes.covers(path) and SAFE_METHODS.issuperset(methods)
