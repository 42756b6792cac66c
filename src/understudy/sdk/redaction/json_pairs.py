"""Names that an app has been seen to use, with plain values behind them, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_edits import mask_of
from understudy.sdk.redaction.json_spans import TEXT, text_of

CUT = b"\0"
"""Stands where a pair was taken out; never in JSON."""
GONE = b"\1"
"""What follows a cut whose pair lay in something that is hidden whole."""
_MOST = 256
_NULL = b"null"
# Of a value only its beginning is kept, which says what stands in its place.
_BEGINNING = rb'(?:null|[-0-9tf]|(?="))'
_BEGINNINGS = b"-0123456789tf"
_VALUE = rb"(?:" + TEXT + rb"|[^\s,\]}]*+)"
# What may follow the end of a text: a name that begins so may be what stands behind one.
_BEHIND_TEXT = b",:]} \t\r\n"
_IN_A_TEXT = b"\\" + CUT


class Shown(dict[bytes, bytes]):
    """By a pair and the beginning of its value, what is shown in place of both."""

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings

    def __missing__(self, pair: bytes) -> bytes:
        if len(self) >= _MOST * len(_BEGINNINGS):
            self.clear()
        self[pair] = put = pair if pair.endswith(_NULL) else self._masked(pair)
        return put

    def _masked(self, pair: bytes) -> bytes:
        name = text_of(pair[pair.index(b'"') : pair.rindex(b'"') + 1])
        deed = self._rulings.fields.deed(name) or Deed.MASK
        head = pair.rstrip(_BEGINNINGS)
        return head + mask_of((pair[len(head) :] or b'"')[0], deed)


class Pairs:
    """Names with all between them and their neighbours, as the app has it: ``, "email": ``."""

    __slots__ = ("_front", "_known", "_shown", "_split")

    def __init__(self, rulings: Rulings) -> None:
        self._known: frozenset[bytes] = frozenset()
        self._front = b""
        self._split: re.Pattern[bytes] | None = None
        self._shown = Shown(rulings)

    def __bool__(self) -> bool:
        return bool(self._known)

    def learn(self, pairs: Iterable[bytes]) -> None:
        """Expect ``pairs`` from now on."""
        known = self._known.union(pair for pair in pairs if _begins_a_name(pair))
        if known == self._known or len(known) > _MOST:
            return
        self._known = known
        fronts = {pair[: pair.index(b'"')] for pair in known}
        # Where all have the same in front, it is found in half the time.
        self._front = fronts.pop() if len(fronts) == 1 else b""
        names = b"|".join({re.escape(pair[pair.index(b'"') + 1 :]) for pair in known})
        pair = re.escape(self._front) + b'"(?:' + names + b")" + _BEGINNING
        self._split = re.compile(b"(" + pair + b")" + _VALUE, re.DOTALL)

    def taken_out(self, body: bytes) -> tuple[list[bytes], bytes]:
        """The pairs with the beginnings of their values; and ``body`` with a cut for each."""
        pieces = self._split.split(body) if self._split is not None else [body]
        left = CUT.join(pieces[::2])
        # Behind a comma no quote is a letter of a text.
        if not self._front and _IN_A_TEXT in left:
            return [], body
        return pieces[1::2], left

    def put_back(self, pairs: list[bytes], left: bytes) -> bytes:
        """The whole again, with masks; ``left`` is what is left of it, which may have changed."""
        pieces = [b""] * (2 * len(pairs) + 1)
        pieces[::2] = left.split(CUT)
        pieces[1::2] = map(self._shown.__getitem__, pairs)
        if GONE in left:
            for place in range(2, len(pieces), 2):
                if pieces[place][:1] == GONE:
                    pieces[place - 1 : place + 1] = [b"", pieces[place][1:]]
        return b"".join(pieces)


def _begins_a_name(pair: bytes) -> bool:
    """Whether its quote, where no backslash stands before it, can only begin a name."""
    return pair[pair.index(b'"') + 1] not in _BEHIND_TEXT
