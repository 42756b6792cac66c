"""How hidden names may be spelled in a document, as expressions that any engine reads alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

# What a name's letters, and those of what detectors find, look like where JSON escapes them; with
# the letters that are an s, k, ss or fi without case.
_ESCAPED = (
    r"\\u(?i:00(?:2[0589bdef]|3[0-9]|4[0-9a-f]|5[0-9af]|6[0-9a-f]|7[0-9a])"
    r"|017f|212a|00df|1e9e|fb0[0-6])"
)
_ANY_ESCAPED = r"\\u"
_WITHIN = r'"(?:[ \t]|\\[nrt])*[\[{<]'
"""A text that may be JSON itself, or a page."""
_ANY = r'(?:[^"\\]|\\.)*'
_JOINTS = r"[.\[\]:$@]|\\?/"
_WITHIN_OTHERS = rf"(?:{_ANY}(?:{_JOINTS}))?"
_BETWEEN = r"[ _-]*"
_MOST_SPELLINGS = 64
_LAST_FOLDED = 0xFB17


def hard(names: Iterable[str]) -> tuple[str, ...]:
    """What has to be looked at closely, whichever ``names`` are hidden."""
    return (_ESCAPED if all(map(str.isascii, names)) else _ANY_ESCAPED, _WITHIN)


def spelled(name: str) -> str | None:
    """A string whose text is ``name``, in any of its spellings; None where they are too many.

    In ``name``, which is normalised, ``*`` stands for any letters.
    """
    ways: list[str] = []
    for way in _ways(name):
        ways.append(_BETWEEN + "".join(unit + _BETWEEN for unit in way))
        if len(ways) > _MOST_SPELLINGS:
            return None
    return f'"{_WITHIN_OTHERS}(?i:{"|".join(ways)})(?:{_JOINTS})*"'


def _ways(name: str) -> Iterator[tuple[str, ...]]:
    """Each way to say ``name`` in letters of which some stand for several without case."""
    if not name:
        yield ()
        return
    first = _ANY if name[0] == "*" else _letter(name[0])
    yield from ((first, *rest) for rest in _ways(name[1:]))
    for several, letters in _folded().items():
        if name.startswith(several):
            yield from ((f"[{letters}]", *rest) for rest in _ways(name[len(several) :]))


def _letter(letter: str) -> str:
    """One letter as JSON has it; some programs escape slashes."""
    escaped = re.escape(json.dumps(letter, ensure_ascii=False)[1:-1])
    return r"(?:/|\\/)" if letter == "/" else escaped


@lru_cache(maxsize=1)
def _folded() -> Mapping[str, str]:
    """Letters by the several that they are without case, such as ss for ß."""
    found: dict[str, str] = {}
    for number in range(0x80, _LAST_FOLDED + 1):
        folded = chr(number).casefold()
        if len(folded) > 1:
            found[folded] = found.get(folded, "") + chr(number)
    return found
