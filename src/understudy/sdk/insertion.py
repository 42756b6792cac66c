"""Puts the banner into a page while the page streams by.

It goes right behind ``<body …>``. Comments, and elements whose content is text, are stepped over:
what looks like a tag in them is none. Nothing is decoded: the marks are ASCII in every charset
that a browser accepts for HTML, UTF-16 aside.
"""

from __future__ import annotations

import re

MAX_HELD = 65_536
"""Bytes that are held back at most while the place is looked for."""
_ATTRIBUTES = rb"""(?:[^>"']|"[^"]*"|'[^']*')*+"""
_BODY = re.compile(rb"<body(?=[\s/>])" + _ATTRIBUTES + rb">", re.IGNORECASE)
_EARLIER = re.compile(
    rb"<\?[^>]*>|<!doctype[^>]*>|<(?:html|head)(?=[\s/>])" + _ATTRIBUTES + rb">|</head\s*>",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_TEXT = re.compile(
    rb"<(script|style|title|textarea|template|noscript|noframes|noembed|iframe|xmp)(?=[\s/>])"
    + _ATTRIBUTES
    + rb">.*?</\1(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_TEXT_BEGIN = re.compile(
    rb"<(script|style|title|textarea|template|noscript|noframes|noembed|iframe|xmp)(?=[\s/>])",
    re.IGNORECASE,
)
_TAG = re.compile(rb"<[a-z!?/]" + _ATTRIBUTES + rb">", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


class Insertion:
    """One page. ``feed`` its chunks, then ``finish``; together they give the page with the banner.

    Without a ``<body>`` the banner goes behind doctype, ``<html>`` and ``<head>``, or to the start:
    never before a doctype, which would put the page into quirks mode.
    """

    def __init__(self, banner: bytes) -> None:
        self._banner = banner
        # The first chunk as it came: most pages come whole, and are copied but once.
        self._held: bytes | bytearray = b""
        self._place = 0
        self._position = 0
        self.done = False

    @property
    def length(self) -> int:
        """By how much the page grows."""
        return len(self._banner)

    def feed(self, chunk: bytes) -> bytes:
        """What may be sent on now."""
        if self.done:
            return chunk
        self._hold(chunk)
        # Beyond the bound it goes wherever it may stand: no page is held back for ever.
        if self._find_body() or len(self._held) > MAX_HELD:
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

    def _find_body(self) -> bool:
        while True:
            start = self._held.find(b"<", self._position)
            if start < 0:
                self._position = len(self._held)
                return False
            body = _BODY.match(self._held, start)
            if body is not None:
                self._place = body.end()
                return True
            end = self._step(start)
            if end is None:
                # The tag is cut in two by the end of the chunk: with the next one it is looked at
                # again.
                self._position = start
                return False
            self._position = end

    def _step(self, start: int) -> int | None:
        """Where to look on behind the mark at ``start``; None when more of it must be seen."""
        earlier = _EARLIER.match(self._held, start)
        if earlier is not None:
            self._place = earlier.end()
            return earlier.end()
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
        if self._place == 0 and self._held.startswith(_BOM):
            self._place = len(_BOM)
        page, self._held = memoryview(self._held), b""
        self.done = True
        return b"".join((page[: self._place], self._banner, page[self._place :]))
