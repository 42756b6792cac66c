"""Places of a JSON document and what goes there; all bytes between them stay."""

from __future__ import annotations

import json

from understudy.core.redaction.masks import HIDDEN
from understudy.core.redaction.rules import Deed

_MASK = f'"{HIDDEN}"'.encode()
_NULL = b"null"
_EMPTY = {ord('"'): _MASK, ord("{"): b"{}", ord("["): b"[]"}


def mask_of(first: int, deed: Deed) -> bytes:
    """What stands for a value that begins with the byte ``first``: of the same type where that has
    a value that says nothing. A number becomes null, and never 0.
    """
    return _EMPTY.get(first, _NULL) if deed is Deed.MASK else _NULL


def text_put(raw: bytes, shown: str) -> bytes:
    """``shown`` as a string in place of ``raw``, with as little in it that is escaped."""
    if b"\\" in raw or '"' in shown or "\\" in shown:
        return json.dumps(shown).encode()
    return b'"' + shown.encode() + b'"'


class Edits:
    """Collected in any order; where one lies within another, the outer one counts."""

    __slots__ = ("_edits",)

    def __init__(self) -> None:
        self._edits: list[tuple[int, int, bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._edits)

    def add(self, start: int, end: int, put: bytes) -> None:
        """Put ``put`` in place of what stands from ``start`` to ``end``."""
        self._edits.append((start, -end, put))

    def hide(self, body: bytes, start: int, end: int, deed: Deed) -> None:
        """Put a mask in place of a whole value; null says nothing and stays."""
        if body[start:end] != _NULL:
            self.add(start, end, mask_of(body[start], deed))

    def made(self, body: bytes) -> bytes:
        """``body`` with all of them."""
        parts: list[bytes] = []
        reached = 0
        for start, negative_end, put in sorted(self._edits):
            if start >= reached:
                parts += (body[reached:start], put)
                reached = -negative_end
        parts.append(body[reached:])
        return b"".join(parts)
