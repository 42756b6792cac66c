"""Where in a document something may have to be hidden, found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from understudy.core.redaction.detecting.detectors import FINDINGS
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_spelling import hard, spelled

_MOST_MEMORY = 64 * 1024 * 1024


_RE2: Any = import_module("re2") if find_spec("re2") is not None else None


class Finder:
    """Finds all that ``names`` and ``hints`` find, and what has to be looked at closely."""

    __slots__ = ("_any", "_hints")

    def __init__(self, names: Iterable[str], hints: Iterable[str], closely: Iterable[str]) -> None:
        hints = tuple(hints)
        options = _RE2.Options()
        options.max_mem = _MOST_MEMORY
        self._any = _RE2.compile("|".join([*names, *hints, *closely]).encode(), options)
        self._hints = _RE2.Set.SearchSet()
        for hint in hints:
            self._hints.Add(hint)
        self._hints.Compile()

    def found(self, body: bytes, place: int) -> Iterator[tuple[int, int]]:
        """Where each begins and ends, from ``place`` on."""
        return (match.span() for match in self._any.finditer(body, place))

    def hinted(self, raw: bytes) -> Iterable[int]:
        """The places of the hints that are in ``raw``."""
        return self._hints.Match(raw) or ()


def finder(rulings: Rulings) -> Finder | None:
    """What finds all that ``rulings`` may hide, and more; None where only a walk can."""
    if _RE2 is None or not rulings.paths.lead_to_names:
        return None
    wanted = sorted({*rulings.fields.wanted, *(name for name, _ in rulings.paths.last_names())})
    names = [name for name in map(spelled, wanted) if name is not None]
    if len(names) < len(wanted):
        return None
    hints = (FINDINGS[detector].hint for detector in rulings.detectors)
    return Finder(names, hints, hard(wanted))
