"""What is remembered of one query."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_UNKNOWN: Any = object()


class Answers:
    """What one query has answered, by its parameters. The values are frozen; None is one too."""

    __slots__ = ("_by_key", "_capacity")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._by_key: dict[Any, Any] = {}

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

    def drop(self, key: Hashable) -> None:
        """The answer for ``key`` is not known any more."""
        self._by_key.pop(key, None)

    def forget(self) -> None:
        """Nothing is known any more."""
        self._by_key.clear()


NOTHING = Answers(0)
"""What a snapshot remembers: it is gone before anybody would ask again."""
