"""Puts the banner and the page's mark into a page while the page streams by.

The banner goes right behind ``<body …>``, the mark to the front of the head, before anything that
could run. Comments, and elements whose content is text, are stepped over: what looks like a tag in
them is none. Nothing is decoded: the marks are ASCII in every charset that a browser accepts for
HTML, UTF-16 aside.
"""

from __future__ import annotations

import re

MAX_HELD = 65_536
"""Bytes that are held back at most while the place is looked for."""
_ATTRIBUTES = rb"""(?:[^>"']|"[^"]*"|'[^']*')*+"""
# In one expression that says what it has found: every page of a session pays for each look.
_PLACE = re.compile(
    rb"(?P<body><body(?=[\s/>])" + _ATTRIBUTES + rb">)|"
    rb"(?P<head><head(?=[\s/>])" + _ATTRIBUTES + rb">)|"
    rb"(?P<front><\?[^>]*>|<!doctype[^>]*>|<html(?=[\s/>])" + _ATTRIBUTES + rb">)|"
    rb"(?P<behind></head\s*>)",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_OF_TEXT = (
    rb"<(script|style|title|textarea|template|noscript|noframes|noembed|iframe|xmp)(?=[\s/>])"
)
_TEXT_BEGIN = re.compile(_OF_TEXT, re.IGNORECASE)
_TEXT = re.compile(
    _OF_TEXT + _ATTRIBUTES + rb">.*?</\1(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rb"<[a-z!?/]" + _ATTRIBUTES + rb">", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n\f" + _BOM


class Insertion:
    """One page. ``feed`` its chunks, then ``finish``; together they give the page with the banner.

    Without a ``<body>`` the banner goes behind doctype, ``<html>`` and ``<head>``, or to the start:
    never before a doctype, which would put the page into quirks mode.
    ``head`` goes to the front of the page's head, also where that is not spelled. Without a banner
    the page is held back no longer than until the head begins.
    """

    def __init__(self, banner: bytes, *, head: bytes = b"") -> None:
        self._banner = banner
        self._head = head
        self._front = 0
        self._is_at_front = bool(head)
        # The first chunk as it came: most pages come whole, and are copied but once.
        self._held: bytes | bytearray = b""
        self._place = 0
        self._position = 0
        self.done = False

    @property
    def length(self) -> int:
        """By how much the page grows."""
        return len(self._banner) + len(self._head)

    def feed(self, chunk: bytes) -> bytes:
        """What may be sent on now."""
        if self.done:
            return chunk
        self._hold(chunk)
        # Beyond the bound it goes wherever it may stand: no page is held back for ever.
        if self._find_places() or len(self._held) > MAX_HELD:
            return self._insert()
        return b""

    def finish(self) -> bytes:
        """The rest of the page; an empty one stays so."""
        return b"" if self.done or not self._held else self._insert()

    def _hold(self, chunk: bytes) -> None:
        if isinstance(self._held, bytearray):
            self._held += chunk
        else:
            self._held = bytearray(self._held + chunk) if self._held else chunk

    def _find_places(self) -> bool:
        while self._banner or self._is_at_front:
            start = self._held.find(b"<", self._position)
            if self._is_at_front:
                self._note_text(start)
            if start < 0:
                self._position = len(self._held)
                return False
            place = _PLACE.match(self._held, start)
            end = place.end() if place is not None else self._step(start)
            if end is None:
                # The tag is cut in two by the end of the chunk: with the next one it is looked at
                # again.
                self._position = start
                return False
            kind = place.lastgroup if place is not None else None
            if place is not None:
                self._place = end
            if kind == "body":
                return True
            if self._is_at_front:
                self._note_tag(kind, start, end)
            self._position = end
        return True

    def _note_text(self, end: int) -> None:
        """Text before the head begins the body."""
        text = self._held[self._position : end if end >= 0 else None]
        self._is_at_front = not text.strip(_BLANK)

    def _note_tag(self, kind: str | None, start: int, end: int) -> None:
        """Whether the head has not yet begun behind the tag from ``start`` to ``end``."""
        if kind in ("front", "head"):
            self._front = end
            self._is_at_front = kind == "front"
        # A comment begins nothing, wherever it stands.
        elif not self._held.startswith(b"<!--", start):
            self._is_at_front = False

    def _step(self, start: int) -> int | None:
        """Where to look on behind the mark at ``start``; None when more of it must be seen."""
        begin = bytes(self._held[start : start + 4])
        if b"<!--".startswith(begin):
            whole = _COMMENT.match(self._held, start)
        elif _TEXT_BEGIN.match(self._held, start):
            whole = _TEXT.match(self._held, start)
        else:
            whole = _TAG.match(self._held, start)
            # A bare `<` in the text is no tag, and waiting for its end would hold the page back.
            if whole is None and not self._may_grow(start):
                return start + 1
        return whole.end() if whole else None

    def _may_grow(self, start: int) -> bool:
        following = self._held[start + 1 : start + 2]
        return not following or following.isalpha() or following in b"!?/"

    def _insert(self) -> bytes:
        if self._held.startswith(_BOM):
            self._place = self._place or len(_BOM)
            self._front = self._front or len(_BOM)
        page, self._held = memoryview(self._held), b""
        self.done = True
        if not self._banner:
            return b"".join((page[: self._front], self._head, page[self._front :]))
        between = page[self._front : self._place]
        return b"".join(
            (page[: self._front], self._head, between, self._banner, page[self._place :])
        )
