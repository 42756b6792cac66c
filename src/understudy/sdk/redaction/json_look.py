"""Looks at what stands out in a document, and at nothing else in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.core.redaction.names import normalised
from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.errors import Signal
from understudy.sdk.redaction.json_edits import Edits, mask_of, text_put
from understudy.sdk.redaction.json_finder import Finder
from understudy.sdk.redaction.json_frames import NAMING
from understudy.sdk.redaction.json_pairs import CUT, GONE
from understudy.sdk.redaction.json_spans import (
    is_within_string,
    key_before,
    pair_start,
    quote_before,
    string_end,
    text_of,
    value_end,
    value_start,
)
from understudy.sdk.redaction.json_trail import Trail
from understudy.sdk.redaction.json_walk import looked_into, may_be_json

_QUOTE, _NULL = b'"'[0], b"null"
_ESCAPE = rb"\u"
_FAR = 256
_ROWS = re.compile(rb"[\[,]\s*\[")


class Hard(Signal):
    """Only a walk can tell."""


class Many(Signal):
    """There are more fields than are worth being looked at one by one."""


class Look:
    """One document, or what is left of one. ``seen`` are the fields that were found in it, as
    often as they are there, each with all between it and its neighbours.
    """

    __slots__ = (
        "_body",
        "_edits",
        "_finder",
        "_has_rows",
        "_most",
        "_outside",
        "_rulings",
        "_trail",
        "seen",
    )

    def __init__(
        self, body: bytes, rulings: Rulings, finder: Finder, *, most: int | None = None
    ) -> None:
        self._body = body
        self._most = most
        self._finder = finder
        self._rulings = rulings
        self._trail = Trail(body, rulings.paths) if rulings.paths else None
        self._edits = Edits()
        # Up to here all is done; it never lies within a string.
        self._outside = 0
        self._has_rows: bool | None = None
        self.seen: list[bytes] = []

    def hidden(self) -> bytes:
        """The document without what is hidden.

        :raises Hard: only a walk can tell.
        :raises Many: there are ``most`` fields in it.
        """
        place: int | None = 0
        while place is not None:
            place = self._looked_at(self._finder.found(self._body, place))
        return self._edits.made(self._body) if self._edits else self._body

    def _looked_at(self, spans: Iterator[tuple[int, int]]) -> int | None:
        """Look at each; where to look from again, since one ran into the text behind it."""
        body = self._body
        for start, end in spans:
            if start >= self._outside:
                self._at(start)
            if end - 1 >= self._outside and body[end - 1] == _QUOTE:
                return end - 1
            # A long text is looked at once, however much in it stands out.
            if self._outside > end + _FAR:
                return self._outside
        return None

    def _at(self, place: int) -> None:
        body, begin = self._body, place
        if is_within_string(body, self._outside, place):
            begin = quote_before(body, self._outside, place)
        elif body[place] != _QUOTE:
            # A number, which no detector looks at.
            self._outside = place + 1
            return
        self._outside = end = string_end(body, begin)
        raw = body[begin:end]
        value = value_start(body, end)
        if value is None:
            # A name is found where it begins, or where it is escaped.
            self._text(begin, raw, may_name=begin == place or _ESCAPE in raw)
        else:
            self._member(begin, value, text_of(raw))

    def _member(self, start: int, value: int, name: str) -> None:
        deed = self._rulings.fields.deed(name)
        if deed is not None:
            self.seen.append(self._body[pair_start(self._body, start) : value])
            if len(self.seen) == self._most:
                raise Many
        elif self._trail is not None:
            deed = self._trail.deed(start, name)
        if deed is not None:
            self._outside = value_end(self._body, value)
            self._hide(value, self._outside, deed)
        elif self._rulings.hidden(name) != name:
            raise Hard

    def _hide(self, start: int, end: int, deed: Deed) -> None:
        gone = self._body.count(CUT, start, end)
        put = mask_of(self._body[start], deed) + (CUT + GONE) * gone
        if self._body[start:end] != _NULL:
            self._edits.add(start, end, put)

    def _text(self, start: int, raw: bytes, *, may_name: bool) -> None:
        text = text_of(raw)
        names = may_name and self._rulings.fields.deed(text) is not None
        if names and self._says_more(start):
            raise Hard
        shown = self._without(raw, text)
        if shown != text:
            self._edits.add(start, start + len(raw), text_put(raw, shown))

    def _without(self, raw: bytes, text: str) -> str:
        # What is escaped may hint at anything, and what is JSON itself has names.
        if _ESCAPE in raw or may_be_json(text):
            return looked_into(text, self._rulings)
        return self._rulings.hidden(text, self._finder.hinted(raw))

    def _says_more(self, start: int) -> bool:
        """Whether the text that begins at ``start`` may say what another value is."""
        key = key_before(self._body, start)
        if key is not None:
            return normalised(key) in NAMING
        if self._has_rows is None:
            self._has_rows = _ROWS.search(self._body) is not None
        return self._has_rows
