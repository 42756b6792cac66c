"""What becomes of requests that carry no page mark, by what they are and by the app's settings."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from understudy.errors import SetupError
from understudy.sdk.path_prefixes import PathPrefixes

_REPORTS = frozenset({"application/csp-report", "application/reports+json", "text/ping"})


class Unmarked(Enum):
    """How a request without a mark is taken."""

    BY_METHOD = "by_method"
    PASSES = "passes"
    ASKS_FIRST = "asks_first"
    REPORT = "report"


def is_report(content_type: str) -> bool:
    """True for what a browser sends of its own, and no page can mark: reports and pings."""
    return content_type.partition(";")[0].strip().lower() in _REPORTS


class UnmarkedPaths:
    """Path prefixes of the app. Below ``passing`` no mark is asked for, such as where a payment
    provider sends its customers back by a form. Reading ``asking`` changes something, so that a
    person is first told for whom.

    :raises SetupError: a prefix is malformed.
    """

    def __init__(self, passing: Iterable[str] = (), asking: Iterable[str] = ()) -> None:
        self._passing = PathPrefixes(passing, name="unmarked_ok")
        self._asking = _prefixes(asking)

    def __bool__(self) -> bool:
        return bool(self._passing or self._asking)

    def of(self, paths: tuple[str, ...]) -> Unmarked:
        """What is set for a request; ``paths`` are all readings of its path."""
        if any(path.startswith(self._asking) for path in paths):
            return Unmarked.ASKS_FIRST
        # Every reading: which one the app's router takes is not known here.
        if all(self._passing.covers(path) for path in paths):
            return Unmarked.PASSES
        return Unmarked.BY_METHOD


def _prefixes(prefixes: Iterable[str]) -> tuple[str, ...]:
    found = tuple(prefixes)
    for prefix in found:
        # Those of a whole app would leave nothing to be read without being asked.
        if not prefix.startswith("/") or prefix == "/":
            raise SetupError(f"writes_by_get names paths like /unsubscribe, and not {prefix!r}.")
    return found
