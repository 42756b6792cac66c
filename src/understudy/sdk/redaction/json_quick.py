"""JSON whose hidden fields stand as plain names before their values, as they nearly always do.

One automaton says which names are there, and whether anything is that only a walk can find. It
takes google-re2, of the extra ``redaction``; without it every body is walked, which finds the same
and takes many times as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from operator import add

from understudy.core.redaction.detecting.detectors import FINDINGS
from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_edits import mask_of

Found = Callable[[bytes], Sequence[int] | None]
# What a walk must look at: letters of names or shapes that are escaped, and JSON within a text.
_HARD = (
    r"\\u00(?i:2[bdf]|3[0-9]|4[0-9a-f]|5[0-9af]|6[0-9a-f]|7[0-9a])",
    r'"[ \t]*[\[{]',
)
_BETWEEN = r"[ _-]*"
_TEXT = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_VALUE = rb"(?:" + _TEXT + rb"|([-0-9tf][^\s,\]}]*)|(null))"
_MOST_SPELLINGS = 256
_MASK = mask_of(b'"'[0], Deed.MASK)
_MASKS = {deed: (mask_of(b'"'[0], deed), mask_of(b"0"[0], deed)) for deed in Deed}


class Quick:
    """Asks one body after another for one set of rules."""

    def __init__(self, rulings: Rulings, set_of: Callable[[list[str]], Found]) -> None:
        self._rulings = rulings
        names = [_BETWEEN + _BETWEEN.join(name) + _BETWEEN for name in sorted(rulings.fields.exact)]
        shapes = [FINDINGS[detector].hint for detector in rulings.detectors]
        self._found = set_of([*(f'(?i)"{name}"' for name in names), *shapes, *_HARD])
        self._count = len(names)
        self._any_name = re.compile(f'"({"|".join(names)})"'.encode(), re.IGNORECASE)
        # As apps spell them: in one case, which is found many times as fast as in any.
        self._spelled: frozenset[bytes] = frozenset()
        self._pairs: re.Pattern[bytes] | None = None
        self._texts: re.Pattern[bytes] | None = None
        self._nulls: list[bytes] = []
        self._mask = lru_cache(maxsize=1024)(self._mask_of)
        self._hides = False

    def hidden(self, body: bytes) -> bytes | None:
        """``body`` without what is hidden; None where only a walk can tell."""
        # What an app has just had something to hide in, it mostly has again.
        if not self._hides:
            found = self._found(body)
            if not found:
                return body
            if found[-1] >= self._count + len(self._rulings.detectors):
                return None
        shown = self._edited(body)
        self._hides = shown is not None and shown is not body
        return shown

    def _edited(self, body: bytes) -> bytes | None:
        return self._texts_edited(body) or self._pairs_edited(body)

    def _texts_edited(self, body: bytes) -> bytes | None:
        """``body`` where all that is hidden are texts, and what is null anyway."""
        if self._texts is None:
            return None
        pieces = self._texts.split(body)
        left = b"\n".join(pieces[::2])
        for pair in self._nulls:
            left = left.replace(pair, b"")
        if self._found(left):
            return None
        return _MASK.join([*map(add, pieces[:-1:2], pieces[1::2]), pieces[-1]])

    def _pairs_edited(self, body: bytes) -> bytes | None:
        for _ in range(2):
            pieces = self._pairs.split(body) if self._pairs is not None else [body]
            # What is left has neither the pairs nor their values: nothing else may be found in it.
            left = self._found(b"\n".join(pieces[::4]))
            if not left:
                return self._joined(pieces)
            if left[0] >= self._count or not self._learn(body):
                return None
        return None

    def _learn(self, body: bytes) -> bool:
        """Whether names are spelled here as they never were before."""
        spelled = self._spelled | set(self._any_name.findall(body))
        if spelled == self._spelled or len(spelled) > _MOST_SPELLINGS:
            return False
        self._spelled = spelled
        names = b"|".join(re.escape(name) for name in sorted(spelled))
        pair = rb'("(?:' + names + rb')"\s*:\s*)'
        self._pairs = re.compile(pair + _VALUE, re.DOTALL)
        deeds = {self._mask_of(b'"' + name + b'"')[0] for name in spelled}
        if deeds == {_MASK}:
            self._texts = re.compile(pair + _TEXT, re.DOTALL)
            self._nulls = [b'"' + n + end for n in spelled for end in (b'":null', b'": null')]
        return True

    def _joined(self, pieces: list[bytes]) -> bytes:
        masks = (
            b"null" if null else self._mask(pair)[number is not None]
            for pair, number, null in zip(pieces[1::4], pieces[2::4], pieces[3::4], strict=True)
        )
        pieces[2::4] = masks
        pieces[3::4] = [b""] * len(pieces[3::4])
        return b"".join(pieces)

    def _mask_of(self, pair: bytes) -> tuple[bytes, bytes]:
        """What stands for a text, and for anything else, behind the name in ``pair``."""
        name = pair[1 : pair.rindex(b'"')].decode()
        return _MASKS[self._rulings.fields.deed(name) or Deed.MASK]


def _sets() -> Callable[[list[str]], Found] | None:
    with suppress(ImportError):
        import re2

        def set_of(patterns: list[str]) -> Found:
            made = re2.Set.SearchSet()
            for pattern in patterns:
                made.Add(pattern)
            made.Compile()
            match: Found = made.Match
            return match

        return set_of
    return None


_SET_OF = _sets()


@lru_cache(maxsize=64)
def quick(rulings: Rulings) -> Quick | None:
    """The quick way for ``rulings``; None where only a walk finds what they hide."""
    if _SET_OF is None or rulings.paths or rulings.fields.has_patterns:
        return None
    return Quick(rulings, _SET_OF)
