"""Where in a page something may have to be hidden, found in one pass.

It takes google-re2, of the extra ``redaction``; without it every tag and every text is looked at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from understudy.core.redaction.detecting.detectors import FINDINGS
from understudy.core.redaction.rulings import Rulings

_MOST_MEMORY = 64 * 1024 * 1024
_BETWEEN = "[ _-]*"
_ESCAPED = r"[&\\]"
"""What is escaped may be anything."""
_LAST_FOLDED = 0xFB17
_NOWHERE = (sys.maxsize, sys.maxsize)
"""Behind the end of everything."""
_RE2: Any = import_module("re2") if find_spec("re2") is not None else None


class Places:
    """Of one piece of a page, asked from its beginning to its end."""

    __slots__ = ("_end", "_found", "_start")

    def __init__(self, found: Iterator[tuple[int, int]]) -> None:
        self._found = found
        self._start, self._end = next(found, _NOWHERE)

    def plain_until(self, start: int) -> int:
        """Where the next thing stands out from ``start`` on, which never goes back."""
        while self._end <= start:
            self._start, self._end = next(self._found, _NOWHERE)
        return self._start

    def is_plain(self, start: int, end: int) -> bool:
        """Whether nothing stands out from ``start``, which never goes back, to ``end``."""
        return self.plain_until(start) >= end


class Plain:
    """Finds whatever ``names`` and ``hints`` may be about."""

    __slots__ = ("_any",)

    def __init__(self, names: Iterable[str], hints: Iterable[str]) -> None:
        options = _RE2.Options()
        options.max_mem = _MOST_MEMORY
        spelled = (_BETWEEN.join(map(re.escape, name)) for name in names)
        self._any = _RE2.compile(
            "|".join([*(f"(?i:{name})" for name in spelled), *hints, _ESCAPED]).encode(), options
        )

    def places(self, text: str) -> Places:
        """What stands out in ``text``; all of it where its letters may be others without case."""
        if not text.isascii() and _folded().search(text) is not None:
            return Places(iter([(0, len(text))]))
        # One letter for each, so that places are those of the text.
        spans = (match.span() for match in self._any.finditer(text.encode("ascii", "replace")))
        return Places(spans)


@lru_cache(maxsize=64)
def plain(rulings: Rulings) -> Plain | None:
    """What finds all that ``rulings`` may hide, and more; None where everything is looked at."""
    if _RE2 is None or not rulings.paths.lead_to_names:
        return None
    wanted = {*rulings.fields.wanted, *(name for name, _ in rulings.paths.last_names())}
    names = sorted({max(name.split("*"), key=len) for name in wanted})
    if not all(name and name.isascii() for name in names):
        return None
    return Plain(names, (FINDINGS[detector].hint for detector in rulings.detectors))


@lru_cache(maxsize=1)
def _folded() -> re.Pattern[str]:
    """Letters beyond ASCII that are some of ASCII without case, or have one in them."""
    letters = map(chr, range(0x80, _LAST_FOLDED + 1))
    return re.compile(f"[{''.join(one for one in letters if _has_ascii(one))}]")


def _has_ascii(letter: str) -> bool:
    return any(map(str.isascii, letter.casefold() + letter.lower() + letter.upper()))
