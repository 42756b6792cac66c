"""A body that is held until it is whole, since only then it can be looked through."""

from __future__ import annotations

from collections.abc import Callable

from understudy.sdk.redaction.unreadable import Unreadable

MOST_BYTES = 16 * 1024 * 1024
"""So much of an answer is held at most; what is longer does not go out."""


class WholeBody:
    """Part by part it gives nothing, and at last all of it, ``hidden``."""

    __slots__ = ("_hidden", "_parts", "_size", "has_hidden", "is_whole")

    def __init__(self, hidden: Callable[[bytes], bytes]) -> None:
        self._hidden = hidden
        self._parts: list[bytes] = []
        self._size = 0
        self.is_whole = False
        self.has_hidden = False

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now.

        :raises Unreadable: it is too long, or is not what it says it is.
        """
        self._size += len(body)
        if self._size > MOST_BYTES:
            raise Unreadable("too long")
        self._parts.append(body)
        if more:
            return b""
        self.is_whole = True
        whole = b"".join(self._parts)
        shown = self._hidden(whole)
        self.has_hidden = shown != whole
        return shown
