"""Where paths have come to in a document, of which only the brackets are read."""

from __future__ import annotations

import re

from understudy.core.redaction.paths import Paths, States
from understudy.core.redaction.rules import Deed
from understudy.sdk.redaction.json_spans import TEXT, blanks_before, quote_before, text_of

# Up to the next bracket that stands in no text. Where there is none the rest is passed as well: a
# search that went on from its second letter would take what stands in texts for brackets.
_NEXT = re.compile(
    rb'[^"{}\[\]]*+(?:' + TEXT + rb'[^"{}\[\]]*+)*+(?:([{}\[\]])|\Z)',
    re.DOTALL,
)
_OPENING = b"{["
_COLON = b":"
_PLACE = "0"
"""Stands for any place in a list: the paths that come here name none."""


class Trail:
    """One document, followed from its beginning to its end."""

    __slots__ = ("_at", "_body", "_open", "_paths", "_stepped")

    def __init__(self, body: bytes, paths: Paths) -> None:
        self._body = body
        self._paths = paths
        self._open: list[States] = []
        self._at = 0
        # Objects of one kind come again and again.
        self._stepped: dict[tuple[States, bytes], States] = {}

    def deed(self, start: int, name: str) -> Deed | None:
        """What becomes of the member ``name``, whose key begins at ``start``."""
        body, opened = self._body, self._open
        for match in _NEXT.finditer(body, self._at, start):
            bracket = match.start(1)
            if bracket < 0:
                break
            if body[bracket] not in _OPENING:
                opened.pop()
            elif opened:
                opened.append(self._step(opened[-1], bracket))
            else:
                opened.append(self._paths.start)
        self._at = start
        return self._paths.deed(self._paths.step(opened[-1], name))

    def _step(self, states: States, bracket: int) -> States:
        raw = self._key_before(bracket)
        known = self._stepped.get((states, raw))
        if known is None:
            known = self._paths.step(states, text_of(raw) if raw else _PLACE)
            self._stepped[states, raw] = known
        return known

    def _key_before(self, bracket: int) -> bytes:
        """The name, in its quotes, of what begins there; none in a list."""
        body, end = self._body, blanks_before(self._body, bracket)
        if body[end - 1 : end] != _COLON:
            return b""
        close = body.rindex(b'"', 0, end)
        return body[quote_before(body, 0, close) : close + 1]
