"""Data in a page's own scripts: members and variables by their names, wherever they stand.

No script is parsed. What looks like a name with a value behind it is one, also within a text or a
comment: better one too many. Quotes may be escaped, as they are where JSON lies in a string.
"""

from __future__ import annotations

import json
import re

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings

_NAME = re.compile(
    # From the front of a run of letters or backslashes alone, so that a long one is read once.
    r"(?:(?P<quote>(?<!\\)\\*(?:[\"']|u002[27]|x2[27]))|(?<![\w$-]))"
    r"(?P<name>(?:[A-Za-z_$]|\\(?:u00|x)[4-7][0-9A-Fa-f])"
    r"(?:[\w$-]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})*?)(?(quote)(?P=quote)\]?|(?![\w$-]))"
    r"\s*(?::|(?<![=!<>])=(?![=>]))\s*"
)
_UNICODE = r"\\u00\1"
_BRACKET = re.compile(r"[\"'`{}\[\]]")
_BARE = re.compile(r"[^\s,;}\])]+")
_OPENING = re.compile(r"\\*(?:[\"'`]|(?<=\\)(?:u002[27]|x2[27]))")
_HEX = re.compile(r"\\x([0-9A-Fa-f]{2})")


def hidden_in_script(text: str, rulings: Rulings) -> str:
    """``text`` without what ``rulings`` hide."""
    parts: list[str] = []
    reached = 0
    for match in _NAME.finditer(text):
        if match.start() < reached:
            continue
        deed = rulings.fields.deed(_plain(match.group("name")))
        if deed is None:
            continue
        end = _end(text, match.end())
        parts += [text[reached : match.end()], _mask(text[match.end() : end], deed)]
        reached = end
    return rulings.hidden("".join([*parts, text[reached:]]))


def _plain(name: str) -> str:
    if "\\" not in name:
        return name
    text: str = json.loads(f'"{_HEX.sub(_UNICODE, name)}"')
    return text


def _mask(value: str, deed: Deed) -> str:
    opening = _OPENING.match(value)
    if opening is not None:
        return opening.group() + text_for(deed) + opening.group()
    return {"{": "{}", "[": "[]"}.get(value[:1], "null" if value else "")


def _end(text: str, start: int) -> int:
    """Behind the value that begins at ``start``; the end of the text where it has none."""
    opening = _OPENING.match(text, start)
    if opening is not None:
        return _behind_quote(text, opening)
    if text[start : start + 1] in ("{", "["):
        return _behind_bracket(text, start)
    bare = _BARE.match(text, start)
    return bare.end() if bare is not None else start


def _behind_quote(text: str, opening: re.Match[str]) -> int:
    quote = opening.group()
    place = opening.end()
    while (place := text.find(quote, place)) >= 0:
        before = _slashes_before(text, place)
        if before == 0 or (len(quote) == 1 and before % 2 == 0):
            return place + len(quote)
        place += 1
    return len(text)


def _slashes_before(text: str, place: int) -> int:
    start = place
    while start > 0 and text[start - 1] == "\\":
        start -= 1
    return place - start


def _behind_bracket(text: str, start: int) -> int:
    depth, place = 0, start
    while (match := _BRACKET.search(text, place)) is not None:
        letter, place = match.group(), match.end()
        if letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if depth == 0:
                return place
        else:
            opening = _OPENING.match(text, match.start())
            place = _behind_quote(text, opening) if opening is not None else place
    return len(text)
