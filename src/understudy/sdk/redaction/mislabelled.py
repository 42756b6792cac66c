"""An answer that is JSON whatever it says it is, since programs read it as such."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_body import hidden_in_json
from understudy.sdk.redaction.passing import Part
from understudy.sdk.redaction.unreadable import Unreadable
from understudy.sdk.redaction.whole import WholeBody

_FRONT = b"\xef\xbb\xbf \t\r\n"
_BEGINS = (b"{", b"[")
_MOST_FRONT, _MOST_NAME = 4096, 300
# What hands JSON to a script: a call with it, or a variable.
_HANDED = re.compile(
    rb"\s*(?:/\*[^*]*\*/)?\s*(?:(?:var|let|const)\s+)?[\w.$\[\]\"']{1,200}\s*[(=]\s*(?=[{\[])"
)
_REST = re.compile(rb"[\s;)]*\Z")


class Mislabelled:
    """Looks at how a body begins: as JSON, or ``usual``."""

    __slots__ = ("_held", "_other", "_rulings", "_usual", "_way")

    def __init__(
        self, rulings: Rulings, usual: Part, other: Callable[[bytes], bytes] | None = None
    ) -> None:
        self._rulings = rulings
        self._usual = usual
        self._other = other
        self._held = b""
        self._way: Part | None = None

    @property
    def is_whole(self) -> bool:
        """Whether what it has just given is all."""
        return self._way is not None and self._way.is_whole

    @property
    def has_hidden(self) -> bool:
        """Whether it has hidden anything."""
        return self._way is not None and self._way.has_hidden

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now.

        :raises Unreadable: it cannot be looked through.
        """
        if self._way is None:
            self._held = body = self._held + body
            head = body.lstrip(_FRONT)
            # As much as tells; of a script it takes a little to see whether it is one.
            enough = 1 if self._other is not None else _MOST_NAME
            if more and len(head) < enough and len(body) <= _MOST_FRONT:
                return b""
            self._way = self._chosen(head)
            self._held = b""
        return self._way.part(body, more=more)

    def _chosen(self, head: bytes) -> Part:
        if head[:1] in _BEGINS or (self._other is None and _HANDED.match(head)):
            return WholeBody(partial(_hidden, rulings=self._rulings, other=self._other))
        return self._usual


def _hidden(body: bytes, *, rulings: Rulings, other: Callable[[bytes], bytes] | None) -> bytes:
    front = _HANDED.match(body) if other is None else None
    rest = _REST.search(body) if front is not None else None
    start, end = front.end() if front else 0, rest.start() if rest else len(body)
    try:
        return body[:start] + hidden_in_json(body[start:end], rulings) + body[end:]
    except Unreadable:
        # A script of the app's own is the same for everybody, and stays as it is.
        return body if other is None else other(body)
