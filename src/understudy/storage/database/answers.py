"""What is remembered of one query."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_UNKNOWN: Any = object()

WARY_TURNS = 100
"""Where nodes change each other's rows, so few groups are done twice, and the rest reads."""


class Answers:
    """What one query has answered, by its parameters. The values are frozen; None is one too.

    Answers in doubt are those that were right when somebody else began to write: who believes one
    asks again before anything comes of it (`Memory.resume`).
    """

    __slots__ = ("_by_key", "_capacity", "_in_doubt", "_wary")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._by_key: dict[Any, Any] = {}
        self._in_doubt: dict[Any, Any] = {}
        self._wary = 0

    def get(self, key: K, ask: Callable[[K], V]) -> V:
        """The answer that is known for ``key``, else what ``ask`` answers."""
        known: V = self._by_key.get(key, _UNKNOWN)
        if known is _UNKNOWN:
            known = ask(key)
            self.note(key, known)
        return known

    def known(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was noted
        """The answer for ``key``; None also when it is not known."""
        return self._by_key.get(key)

    def note(self, key: Hashable, value: object) -> None:
        """From now on this is the answer for ``key``."""
        if len(self._by_key) >= self._capacity:
            self._by_key.clear()
        if self._capacity:
            self._by_key[key] = value
            self._in_doubt.pop(key, None)

    def drop(self, key: Hashable) -> None:
        """The answer for ``key`` is not known any more."""
        self._by_key.pop(key, None)
        self._in_doubt.pop(key, None)

    def forget(self) -> None:
        """Nothing is known any more."""
        self._by_key.clear()
        self._in_doubt.clear()

    def doubt(self) -> None:
        """Whatever is known may be so no longer; after a mistake it is forgotten for a while."""
        if self._wary:
            self._wary -= 1
            self.forget()
        elif len(self._in_doubt) + len(self._by_key) <= self._capacity:
            self._in_doubt |= self._by_key
        else:
            self._in_doubt = self._by_key.copy()
        self._by_key.clear()

    def forget_doubts(self) -> None:
        """Nothing is in doubt any more, as that is not known."""
        self._in_doubt.clear()

    def doubts(self, key: Hashable) -> bool:
        """Whether the answer for ``key`` is in doubt."""
        return key in self._in_doubt

    def believe(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was noted
        """The answer for ``key``, which is in doubt: from now on it counts as known."""
        value = self._by_key[key] = self._in_doubt.pop(key)
        return value

    def mistaken(self) -> None:
        """An answer was believed and was wrong: believe none in the next `WARY_TURNS`."""
        self._wary = WARY_TURNS


NOTHING = Answers(0)
"""What a snapshot remembers: it is gone before anybody would ask again."""
