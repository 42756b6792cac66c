"""How a detector is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from re import Match, Pattern


@dataclass(frozen=True, slots=True)
class Finding:
    """One shape of values, of which ``holds`` decides what is one, such as by a check digit.

    Each has some ``hint`` in it, which any engine of expressions reads alike; something ``rough``,
    which Python's finds fast; and one of ``marks``, where there are any. One that never has a blank
    in it ``is_a_word``.
    """

    shape: Pattern[str]
    hint: str
    holds: Callable[[str], bool] | None = None
    rough: str = ""
    marks: tuple[str, ...] = ()
    is_a_word: bool = False
    _roughly: Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_roughly", re.compile(self.rough or self.hint))

    def hidden(self, text: str, mask: str) -> str:
        """``text`` with ``mask`` in place of all that is found."""
        start, end = self._span(text)
        if start == end:
            return text
        if self.holds is None:
            shown = self.shape.sub(mask, text[start:end])
        else:
            shown = self.shape.sub(partial(self._decided, mask), text[start:end])
        return text[:start] + shown + text[end:]

    def _span(self, text: str) -> tuple[int, int]:
        """Outside of which nothing is found."""
        if not self.marks:
            return 0, len(text) if self._roughly.search(text) is not None else 0
        marks = [mark for mark in self.marks if mark in text]
        if not self.is_a_word or not marks:
            return 0, len(text) if marks else 0
        start = text.rfind(" ", 0, min(map(text.find, marks))) + 1
        end = text.find(" ", max(map(text.rfind, marks)))
        return start, end if end >= 0 else len(text)

    def _decided(self, mask: str, match: Match[str]) -> str:
        found = match.group()
        return mask if self.holds is None or self.holds(found) else found
