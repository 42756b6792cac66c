"""What looks one body through, part by part."""

from __future__ import annotations

from typing import Protocol


class Part(Protocol):
    """Looks one body through."""

    @property
    def is_whole(self) -> bool:
        """Whether what it has just given is all."""

    @property
    def has_hidden(self) -> bool:
        """Whether it has hidden anything."""

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now, of this part and of those that were held back.

        :raises Unreadable: it cannot be looked through.
        """


class Passing:
    """Looks at nothing."""

    is_whole = False
    has_hidden = False

    def part(self, body: bytes, *, more: bool) -> bytes:
        """All of it."""
        del more
        return body
