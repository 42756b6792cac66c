"""A pattern with several wildcards, matched in one walk along the path.

All places in the pattern at which a match may stand are kept as bits of one number, so that the
work grows with the path and never with the ways of dividing it among the wildcards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

PLACEHOLDER = re.compile(r"(\{[^/{}]+\})")
_SLASH = "/"


def literal(piece: str) -> str:
    """The text that a piece of a pattern without placeholders stands for."""
    return unquote(piece).casefold()


class Tracks:
    """The places of one pattern: at each, what leads on from it and what may be repeated there."""

    def __init__(self, segments: Iterable[str]) -> None:
        self._places = 0
        self._letters: dict[str, int] = {}
        self._any = self._within = self._stay_any = self._stay_within = 0
        self._skips: list[tuple[int, int]] = []
        for segment in segments:
            self._add(segment)

    def match(self, path: str) -> bool:
        """Whether the pattern stands for the whole of ``path``."""
        found = self._skipped(1)
        for letter in path:
            lead, stay = self._any, self._stay_any
            if letter != _SLASH:
                lead, stay = lead | self._within, stay | self._stay_within
            lead |= self._letters.get(letter, 0)
            found = self._skipped((found & lead) << 1 | found & stay)
            if not found:
                return False
        return bool(found >> self._places & 1)

    def _add(self, segment: str) -> None:
        start = self._places
        self._letter(_SLASH)
        if segment == "**":
            # Any rest, or none: out of its middle, and past all of it, without a letter.
            self._stay_any |= 1 << self._places
            self._places += 1
            self._skips += [(start, self._places), (start + 1, self._places)]
            return
        for piece in PLACEHOLDER.split(segment):
            if PLACEHOLDER.fullmatch(piece):
                self._wildcard(across=piece.endswith(":path}"))
            else:
                for letter in literal(piece):
                    self._letter(letter)

    def _letter(self, letter: str) -> None:
        self._letters[letter] = self._letters.get(letter, 0) | 1 << self._places
        self._places += 1

    def _wildcard(self, *, across: bool) -> None:
        lead, stay = 1 << self._places, 1 << self._places + 1
        if across:
            self._any, self._stay_any = self._any | lead, self._stay_any | stay
        else:
            self._within, self._stay_within = self._within | lead, self._stay_within | stay
        self._places += 1

    def _skipped(self, found: int) -> int:
        for source, target in self._skips:
            if found >> source & 1:
                found |= 1 << target
        return found
