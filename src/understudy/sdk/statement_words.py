"""With which words the statements in a text of SQL begin, whatever stands in front of them.

Only those that end, widen or hide: for these no comment may be a way past. Databases disagree about
comments within comments, so both readings are taken; a word too many costs a page, one too few a
row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What some servers carry out although it stands in a comment, and what a comment leaves behind.
_OPENED = re.compile(r"(?:\s|;|\*/|/\*M?!\d*)+")
_LINE = re.compile(r"(?:--|#)[^\n]*(?:\n|\Z)")
_WORD = re.compile(r"[^\W\d]\w*")
_MARK = re.compile(r"/\*|\*/")
_COMMENT = re.compile(r"/\*(?!M?!).*?\*/|/\*M?!\d*|\*/", re.DOTALL)
_GAP = re.compile(r"\s+")


def statements_in(text: str) -> Iterator[tuple[str, str]]:
    """(first word, the rest of the text behind it), in lower case, of each that may begin there."""
    begins = [0, *(found.end() for found in re.finditer(";", text))]
    for nested in (False, True):
        for begin in begins:
            word = _WORD.match(text, _behind_comments(text, begin, nested=nested))
            if word is not None:
                yield word[0].lower(), text[word.end() :].lower()


def without_comments(text: str) -> str:
    """``text`` in lower case with one blank for each comment and each gap."""
    return _GAP.sub(" ", _COMMENT.sub(" ", _LINE.sub(" ", text))).lower()


def text_of(statement: object) -> str | None:
    """A statement of a driver's as text; None where nobody knows what it will say."""
    if isinstance(statement, bytes):
        return statement.decode("utf-8", "replace")
    composed = getattr(statement, "as_string", None)
    if isinstance(statement, str) or composed is None:
        return statement if isinstance(statement, str) else None
    try:
        return str(composed(None))
    # Of a driver that has to ask its connection how to quote.
    except TypeError:
        return None


def _behind_comments(text: str, at: int, *, nested: bool) -> int:
    """Where something stands, from ``at`` on, that is neither blank nor comment."""
    while True:
        found = _OPENED.match(text, at) or _LINE.match(text, at)
        if found is not None:
            at = found.end()
        elif text.startswith("/*", at):
            at = _end_of_comment(text, at, nested=nested)
        else:
            return at


def _end_of_comment(text: str, at: int, *, nested: bool) -> int:
    depth = 0
    for mark in _MARK.finditer(text, at):
        depth += 1 if mark[0] == "/*" else -1
        if depth <= 0 or (mark[0] == "*/" and not nested):
            return mark.end()
    return len(text)
