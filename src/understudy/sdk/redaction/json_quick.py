"""JSON in which only what stands out is looked at.

One expression says where something may have to be hidden; all else is passed by. It takes
google-re2, of the extra ``redaction``; without it every body is walked, which hides the same and
takes many times as long.
"""

from __future__ import annotations

from functools import lru_cache

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_finder import Finder, finder
from understudy.sdk.redaction.json_look import Hard, Look, Many
from understudy.sdk.redaction.json_pairs import Pairs

_MANY, _EXPECTED = 24, 3
"""So many fields are worth being taken out all at once; fewer, where an app has been seen to have
such fields.
"""


class Quick:
    """Asks one body after another for one set of rules."""

    def __init__(self, rulings: Rulings, found: Finder) -> None:
        self._rulings = rulings
        self._finder = found
        self._pairs = Pairs(rulings)

    def hidden(self, body: bytes) -> bytes | None:
        """``body`` without what is hidden; None where only a walk can tell."""
        most = _EXPECTED if self._pairs else _MANY
        look = Look(body, self._rulings, self._finder, most=most)
        try:
            return look.hidden()
        except Many:
            self._pairs.learn(look.seen)
            return self._all_at_once(body)
        except Hard:
            return None

    def _all_at_once(self, body: bytes) -> bytes | None:
        pairs, left = self._pairs.taken_out(body)
        look = Look(left, self._rulings, self._finder)
        try:
            shown = look.hidden()
        except Hard:
            return None
        self._pairs.learn(look.seen)
        return self._pairs.put_back(pairs, shown)


@lru_cache(maxsize=64)
def quick(rulings: Rulings) -> Quick | None:
    """The quick way for ``rulings``; None where only a walk finds what they hide."""
    found = finder(rulings)
    return Quick(rulings, found) if found is not None else None
