"""A page on its way to the browser that grows by what is put into it."""

from __future__ import annotations

from understudy.sdk.headers import RawHeaders, lengthened, without_length
from understudy.sdk.insertion import Insertion


class GrowingPage:
    """``headers``, and what ``part`` gives, go out once ``waits`` is False; until then the page is
    held back, since its headers tell how long it is. ``is_head`` for the answer to a HEAD.
    """

    __slots__ = ("_insertion", "_is_head", "headers", "waits")

    def __init__(self, headers: RawHeaders, insertion: Insertion, *, is_head: bool) -> None:
        self._insertion = insertion
        self._is_head = is_head
        self.headers = headers
        self.waits = True

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now, of this part and of those that were held back."""
        insertion = self._insertion
        sent = insertion.feed(body)
        if not more:
            sent += insertion.finish()
        if self.waits and sent:
            self.headers = lengthened(self.headers, insertion.length)
        elif self.waits and not more and self._is_head:
            # How long the page is then only its body could tell (RFC 9110, section 8.6).
            self.headers = without_length(self.headers)
        if sent or not more:
            self.waits = False
        return sent
