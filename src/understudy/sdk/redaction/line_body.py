"""A body that is looked through line by line, as it streams by."""

from __future__ import annotations

import re
from collections.abc import Callable

from understudy.sdk.redaction.unreadable import Unreadable

MOST_HELD = 1024 * 1024
"""Bytes of one line, or one event, that are held back at most."""


class LineBody:
    """One body, cut behind each ``end``; ``hidden`` is asked of each piece with its end."""

    is_whole = False

    def __init__(
        self, hidden: Callable[[bytes], bytes], ends: tuple[bytes, ...] = (b"\n",)
    ) -> None:
        self._hidden = hidden
        self._ends = re.compile(b"|".join(map(re.escape, ends)))
        self._held = b""
        self.has_hidden = False

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now.

        :raises Unreadable: a line is too long, or is not what it says it is.
        """
        held = self._held + body
        shown: list[bytes] = []
        reached = 0
        for end in self._ends.finditer(held):
            shown.append(self._looked_through(held[reached : end.end()]))
            reached = end.end()
        held = held[reached:]
        if not more and held:
            shown.append(self._looked_through(held))
            held = b""
        if len(held) > MOST_HELD:
            raise Unreadable("a line that does not end")
        self._held = held
        return b"".join(shown)

    def _looked_through(self, piece: bytes) -> bytes:
        shown = self._hidden(piece)
        self.has_hidden = self.has_hidden or shown != piece
        return shown
