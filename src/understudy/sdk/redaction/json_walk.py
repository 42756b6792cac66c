"""Walks a JSON document, token by token, and notes what is to be hidden in it.

Names may be escaped, come as ``{"name": …, "value": …}`` or as the head of a table; texts may be
JSON themselves. All of these are found here; what only needs to know whether plain names are there
at all is quicker (``json_body``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from understudy.core.redaction.names import normalised
from understudy.core.redaction.paths import States
from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_check import require_json
from understudy.sdk.redaction.json_edits import Edits, text_put
from understudy.sdk.redaction.json_frames import NAMED, NAMING, Frame
from understudy.sdk.redaction.json_spans import text_of
from understudy.sdk.redaction.script_text import hidden_in_script
from understudy.sdk.redaction.unreadable import Unreadable

MOST_WITHIN = 3
"""So many times may JSON lie in the text of JSON; deeper it is not passed on."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\]]|[^\s"{}\[\],:]++', re.DOTALL)
_QUOTE, _OBJECT, _LIST = b'"'[0], b"{"[0], b"["[0]
_OPENING, _CLOSING = frozenset(b"{["), frozenset(b"}]")
_BLANK = " \t\r\n"
Headers = Mapping[int, Mapping[int, Deed]]
"""By the length of a table's head, which columns are hidden."""


def walked(body: bytes, rulings: Rulings, within: int = 0) -> bytes:
    """``body``, which is JSON, without what ``rulings`` hide.

    :raises Unreadable: JSON lies too deeply in the texts of JSON.
    """
    walk = Walk(body, rulings, within)
    walk.run()
    if walk.headers:
        # Rows may stand before their head, so that all are looked at again.
        again = Walk(body, rulings, within, columns=walk.headers)
        again.run()
        walk = again
    return walk.edits.made(body) if walk.edits else body


def may_be_json(text: str) -> bool:
    """Whether ``text`` begins as an object or a list does, which has something in it, or as a
    page.
    """
    return text.lstrip(_BLANK)[:1] in ("{", "[", "<") and len(text) > len("{}")


def looked_into(text: str, rulings: Rulings, within: int = 0) -> str:
    """``text`` of a value without what is hidden in it, be it JSON itself or not.

    :raises Unreadable: JSON lies too deeply in the texts of JSON.
    """
    if not may_be_json(text):
        return rulings.hidden(text)
    if text.lstrip(_BLANK)[:1] == "<":
        from understudy.sdk.redaction.html_body import hidden_in_page

        try:
            return hidden_in_page(text.encode(), rulings).decode()
        except ValueError:
            return hidden_in_script(text, rulings)
    body = text.encode("utf-8", "surrogatepass")
    try:
        require_json(body)
    except Unreadable:
        return hidden_in_script(text, rulings)
    if within == MOST_WITHIN:
        raise Unreadable("JSON lies too deeply in JSON")
    return walked(body, rulings, within + 1).decode()


class Walk:
    """One document. ``columns`` are those of its tables that an earlier walk has found."""

    def __init__(
        self, body: bytes, rulings: Rulings, within: int, *, columns: Headers | None = None
    ) -> None:
        self._body = body
        self._rulings = rulings
        self._within = within
        self._columns = columns or {}
        self._frames: list[Frame] = []
        self._keys = 0
        # Keys come again, and nothing was hidden in these.
        self._known: dict[bytes, str] = {}
        # Behind which byte things are looked at again: what is hidden whole is not looked into.
        self._hidden: tuple[int, int, Deed] | None = None
        self.edits = Edits()
        self.headers: dict[int, dict[int, Deed]] = {}

    def run(self) -> None:
        """Walk."""
        body, frames = self._body, self._frames
        for match in _TOKEN.finditer(body):
            start, end = match.span()
            first = body[start]
            if first in _OPENING:
                self._open(start, is_object=first == _OBJECT)
            elif first in _CLOSING:
                self._close(end)
            elif first == _QUOTE and frames and frames[-1].wants_key:
                self._key(start, end)
            else:
                self._value(start, end)

    def _key(self, start: int, end: int) -> None:
        frame = self._frames[-1]
        frame.wants_key = False
        raw = self._body[start:end]
        known = self._known.get(raw)
        if known is not None:
            frame.key = known
            return
        frame.key = text_of(raw)
        shown = self._rulings.hidden(frame.key)
        if shown == frame.key:
            self._known[raw] = shown
        elif self._hidden is None:
            # Two that are hidden in one object must not become one.
            self._keys += 1
            self.edits.add(start, end, json.dumps(f"{shown}{self._keys}").encode())

    def _open(self, start: int, *, is_object: bool) -> None:
        states, deed = self._here()
        if deed is not None and self._hidden is None:
            self._hidden = (start, len(self._frames), deed)
        self._frames.append(Frame(start, states, is_object=is_object))

    def _close(self, end: int) -> None:
        frame = self._frames.pop()
        if self._hidden is not None:
            start, depth, deed = self._hidden
            if depth == len(self._frames):
                self.edits.hide(self._body, start, end, deed)
                self._hidden = None
        elif frame.is_object:
            self._close_object(frame)
        else:
            self._close_list(frame)
        self._passed(frame.start, end)

    def _close_object(self, frame: Frame) -> None:
        if frame.named is None:
            return
        for start, end in frame.spans:
            self.edits.hide(self._body, start, end, frame.named)
        if self._frames and not self._frames[-1].is_object:
            self._frames[-1].headers[self._frames[-1].index] = frame.named

    def _close_list(self, frame: Frame) -> None:
        if frame.headers:
            self.headers.setdefault(frame.index, {}).update(frame.headers)
        columns = self._columns.get(len(frame.spans))
        # A row is a list within a list, as long as its head.
        if not columns or frame.headers or not self._frames or self._frames[-1].is_object:
            return
        for place, deed in columns.items():
            self.edits.hide(self._body, *frame.spans[place], deed)

    def _value(self, start: int, end: int) -> None:
        _, deed = self._here()
        if self._hidden is None:
            if deed is not None:
                self.edits.hide(self._body, start, end, deed)
            elif self._body[start] == _QUOTE:
                self._look(start, end)
        self._passed(start, end)

    def _look(self, start: int, end: int) -> None:
        raw = self._body[start:end]
        text = text_of(raw)
        self._note_name(text)
        shown = looked_into(text, self._rulings, self._within)
        if shown != text:
            self.edits.add(start, end, text_put(raw, shown))

    def _note_name(self, text: str) -> None:
        """Whether ``text`` says that what stands beside it, or below it, is hidden."""
        if not self._frames:
            return
        frame = self._frames[-1]
        if frame.is_object and normalised(frame.key) not in NAMING:
            return
        deed = self._rulings.fields.deed(text)
        if deed is None:
            return
        if frame.is_object:
            frame.named = deed
        else:
            frame.headers[frame.index] = deed

    def _here(self) -> tuple[States, Deed | None]:
        """How far the paths have come at the next value, and what becomes of it."""
        rulings = self._rulings
        if not self._frames:
            return rulings.paths.start, None
        frame = self._frames[-1]
        deed = rulings.fields.deed(frame.key) if frame.is_object else None
        if not rulings.paths:
            return frame.states, deed
        states = rulings.paths.step(frame.states, frame.place)
        return states, deed or rulings.paths.deed(states)

    def _passed(self, start: int, end: int) -> None:
        """A value of the present object or list is behind us."""
        if not self._frames:
            return
        frame = self._frames[-1]
        if not frame.is_object:
            frame.spans.append((start, end))
            frame.index += 1
            return
        frame.wants_key = True
        if normalised(frame.key) in NAMED:
            frame.spans.append((start, end))
